import Foundation
import Synchronization

/// The file that is being written under another name. Ctrl-C and SIGTERM take it away before they end the program.
enum UnfinishedFile {
    /// The address of its path as C has it; 0 for none.
    private static let path = Atomic<UInt>(0)
    private static let signals = [SIGINT, SIGTERM]

    /// From now on such signals delete it.
    static func begin(_ name: String) {
        path.store(UInt(bitPattern: strdup(name)), ordering: .relaxed)
        for signal in signals { install(signal) }
    }

    /// It is whole or gone: signals end the program and nothing else.
    static func end() {
        for number in signals { signal(number, SIG_DFL) }
        free(UnsafeMutablePointer<CChar>(bitPattern: path.exchange(0, ordering: .relaxed)))
    }

    private static func install(_ signal: Int32) {
        var action = sigaction()
        // Only what is allowed in handlers; the signal comes again, as if nobody had caught it.
        let handler: @convention(c) (Int32) -> Void = { signal in
            let address = UnfinishedFile.path.load(ordering: .relaxed)
            if let name = UnsafePointer<CChar>(bitPattern: address) { unlink(name) }
            raise(signal)
        }
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = handler
        #else
            action.__sigaction_handler.sa_handler = handler
        #endif
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        sigaction(signal, &action, nil)
    }
}
