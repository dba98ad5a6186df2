import Foundation
import Synchronization

/// How fast this machine's memory can be read: generating a token reads all weights once, so this bounds its speed.
enum MemoryBandwidth {
    /// Bytes per second that all threads together read from memory too large for the caches; the best of several rounds.
    static func measure(threads: Int, bytes: Int = 256 << 20, rounds: Int = 4) -> Double? {
        let alignment = 4096
        guard let memory = malloc(bytes + alignment) else { return nil }
        defer { free(memory) }
        memset(memory, 1, bytes + alignment)
        // SAFETY: the threads only read, each its own part, and are done before the memory goes.
        nonisolated(unsafe) let start = UnsafeRawPointer(memory.alignedUp(toMultipleOf: alignment))
        let share = bytes / threads / alignment * alignment
        var best = 0.0
        for _ in 0..<rounds {
            let clock = ContinuousClock.now
            DispatchQueue.concurrentPerform(iterations: threads) { index in
                sum(start + index * share, count: share)
            }
            best = max(best, Double(share * threads) / ((ContinuousClock.now - clock) / .seconds(1)))
        }
        return best
    }

    private static let sink = Atomic<UInt64>(0)

    /// Adds up words in eight lanes, so that only memory is waited for.
    private static func sum(_ start: UnsafeRawPointer, count: Int) {
        let words = start.assumingMemoryBound(to: SIMD8<UInt64>.self)
        var a = SIMD8<UInt64>.zero
        var b = SIMD8<UInt64>.zero
        for index in stride(from: 0, to: count / 64, by: 2) {
            a &+= words[index]
            b &+= words[index + 1]
        }
        // Kept, so that the compiler must do the work.
        sink.add((a &+ b).wrappedSum(), ordering: .relaxed)
    }
}
