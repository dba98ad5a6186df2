/// Keeps a lock until it goes; a class, because a lock can't be copied and the pull is a struct.
package final class PullLock: Sendable {
    private let lock: FileLock

    private init(_ lock: consuming FileLock) { self.lock = lock }

    /// Waits until no other pull has the lock at `path`. Polls, so that waiting can be cancelled.
    /// - Parameter whenBusy: called once when there is something to wait for.
    package static func waiting(
        at path: String, whenBusy: @Sendable () -> Void
    ) async throws(PullError) -> PullLock {
        var hasReported = false
        while true {
            do throws(FileError) {
                if let lock = try FileLock(tryingAt: path) { return PullLock(lock) }
            } catch { throw .file(error) }
            if !hasReported { whenBusy() }
            hasReported = true
            do { try await Task.sleep(for: .milliseconds(200)) } catch { throw .cancelled }
        }
    }
}
