import Foundation
import Synchronization

/// SIGINT and SIGTERM as a sequence, instead of the end of the program.
enum TerminationSignal {
    /// The end of a pipe that handlers write to: nearly all else is forbidden in them.
    private static let writeEnd = Atomic<Int32>(-1)

    /// From now on the signals are told of, with their numbers.
    static func all() -> AsyncStream<Int32> {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return AsyncStream { $0.finish() } }
        let readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .relaxed)
        for signal in [SIGINT, SIGTERM] { install(signal) }
        return AsyncStream { continuation in
            Thread.detachNewThread {
                var byte: UInt8 = 0
                while true {
                    let count = read(readEnd, &byte, 1)
                    if count == 1 { continuation.yield(Int32(byte)) }
                    if count == 0 || (count < 0 && errno != EINTR) { break }
                }
                continuation.finish()
            }
        }
    }

    private static func install(_ signal: Int32) {
        var action = sigaction()
        let handler: @convention(c) (Int32) -> Void = { signal in
            var byte = UInt8(truncatingIfNeeded: signal)
            _ = write(TerminationSignal.writeEnd.load(ordering: .relaxed), &byte, 1)
        }
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handler
        #else
            action.__sigaction_handler.sa_handler = handler
        #endif
        action.sa_flags = Int32(SA_RESTART)
        sigaction(signal, &action, nil)
    }
}
