internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Takes sequences to disk on a thread of its own, one after the other.
final class PrefixWriter: @unchecked Sendable {
    // Unchecked: what varies is touched with the condition's lock only.
    private let condition = NSCondition()
    private var waiting: [PrefixFolder.Snapshot] = []
    private var isWriting = false
    private var isShut = false
    /// Sequences that may wait: their pages stay in memory until they are written.
    private static let mostWaiting = 4
    /// Bytes that those which wait may take; one may wait whatever it takes.
    private let byteLimit: Int

    init(_ folder: PrefixFolder, byteLimit: Int) {
        self.byteLimit = byteLimit
        let thread = Thread { [self] in
            Self.lowerPriority()
            while let snapshot = next() { folder.save(snapshot) }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Queues a sequence. What it goes on from need not be written by itself; when too many wait, the first are left out.
    func post(_ snapshot: PrefixFolder.Snapshot) {
        condition.withLock {
            waiting.removeAll {
                $0.adapter == snapshot.adapter && $0.states.isEmpty && snapshot.tokens.starts(with: $0.tokens)
            }
            waiting.append(snapshot)
            while waiting.count > 1,
                waiting.count > Self.mostWaiting || waiting.reduce(0, { $0 + $1.byteCount }) > byteLimit
            {
                waiting.removeFirst()
            }
            condition.broadcast()
        }
    }

    /// Waits until all is written that was queued.
    func flush() {
        condition.withLock {
            while !isShut, isWriting || !waiting.isEmpty { condition.wait() }
        }
    }

    /// Ends the thread after the sequence that is being written.
    func close() {
        condition.withLock {
            isShut = true
            condition.broadcast()
        }
    }

    private func next() -> PrefixFolder.Snapshot? {
        condition.withLock {
            isWriting = false
            condition.broadcast()
            while waiting.isEmpty, !isShut { condition.wait() }
            guard !isShut else { return nil }
            isWriting = true
            return waiting.removeFirst()
        }
    }

    /// Answers go before.
    private static func lowerPriority() {
        #if os(Linux)
            // On Linux this is the calling thread's.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        #endif
    }
}
