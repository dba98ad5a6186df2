import Foundation
import Synchronization

/// Ctrl-C while an answer is made: noted instead of ending the program.
enum InterruptSignal {
    private static let isPending = Atomic<Bool>(false)

    /// From now on SIGINT is noted.
    static func catchFromNowOn() {
        isPending.store(false, ordering: .relaxed)  // Makes the flag before a handler may need it.
        var action = sigaction()
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = { _ in InterruptSignal.isPending.store(true, ordering: .relaxed) }
        #else
            action.__sigaction_handler.sa_handler = { _ in InterruptSignal.isPending.store(true, ordering: .relaxed) }
        #endif
        action.sa_flags = Int32(SA_RESTART)
        sigaction(SIGINT, &action, nil)
    }

    /// Whether one came since the last call.
    static func take() -> Bool {
        isPending.exchange(false, ordering: .relaxed)
    }

    /// Whether one came; it stays noted.
    static var isNoted: Bool { isPending.load(ordering: .relaxed) }
}
