import Foundation

/// Runs `body` so that Ctrl-C cancels it; a second Ctrl-C ends the program at once.
func withInterruption<Success: Sendable>(
    _ body: @escaping @Sendable () async throws -> Success
) async throws -> Success {
    InterruptSignal.catchFromNowOn()
    let work = Task { try await body() }
    let watch = Task {
        while !InterruptSignal.isNoted { try await Task.sleep(for: .milliseconds(50)) }
        signal(SIGINT, SIG_DFL)
        work.cancel()
    }
    defer { watch.cancel() }
    return try await work.value
}
