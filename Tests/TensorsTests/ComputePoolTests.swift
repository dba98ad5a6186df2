import Foundation
import Synchronization
import Tensors
import Testing

@Suite("Compute pool", .serialized)
struct ComputePoolTests {
    @Test("every chunk runs exactly once, by a thread of the pool", arguments: 1...4)
    func everyChunkOnce(threads: Int) {
        let pool = ComputePool(threadCount: threads)
        var random = RandomNumbers(seed: 22)
        for run in 0..<20_000 {
            let count = run % 7 == 0 ? Int.random(in: 0...600, using: &random) : Int.random(in: 0...9, using: &random)
            let runs = Tally(count)
            let strangers = Atomic(0)
            pool.run(count) { chunk, thread in
                runs[chunk].wrappingAdd(1, ordering: .relaxed)
                if !(0..<threads).contains(thread) { strangers.wrappingAdd(1, ordering: .relaxed) }
            }
            let wrong = (0..<count).filter { runs[$0].load(ordering: .relaxed) != 1 }
            guard wrong.isEmpty, strangers.load(ordering: .relaxed) == 0 else {
                Issue.record("run \(run) of \(count) chunks: chunks \(wrong) did not run once")
                return
            }
        }
    }

    @Test("what chunks write is visible when the run returns", arguments: 1...4)
    func writesAreVisible(threads: Int) {
        let pool = ComputePool(threadCount: threads)
        let count = 64
        var values = [Int](repeating: 0, count: count)
        for run in 1...10_000 {
            values.withUnsafeMutableBufferPointer { values in
                // Each chunk writes its own element, without atomics: the pool alone orders it before the reading below.
                nonisolated(unsafe) let values = values
                pool.run(count) { chunk, _ in values[chunk] += run }
            }
            let expected = run * (run + 1) / 2
            guard values.allSatisfy({ $0 == expected }) else {
                Issue.record("run \(run): \(values)")
                return
            }
        }
    }

    @Test("threads that went to sleep wake up for the next run")
    func sleepersWake() async throws {
        let pool = ComputePool(threadCount: 3)
        for _ in 0..<20 {
            let done = Atomic(0)
            pool.run(100) { _, _ in done.wrappingAdd(1, ordering: .relaxed) }
            #expect(done.load(ordering: .relaxed) == 100)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("pools come and go without a run, with one, and many at once")
    func lifetimes() {
        for round in 0..<200 {
            let pools = (0..<3).map { _ in ComputePool(threadCount: 1 + round % 4) }
            guard round % 2 == 0 else { continue }
            for pool in pools {
                let done = Atomic(0)
                pool.run(10) { _, _ in done.wrappingAdd(1, ordering: .relaxed) }
                #expect(done.load(ordering: .relaxed) == 10)
            }
        }
    }

    @Test(
        "a pool that nobody has any more leaves no thread behind",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/task")))
    func threadsEnd() throws {
        /// Of this process; other tests begin and end some meanwhile.
        func threads() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count }
        let before = try threads()
        for _ in 0..<300 {
            let pool = ComputePool(threadCount: 4)
            pool.run(10) { _, _ in }
        }
        #expect(try threads() < before + 300)
    }

    @Test("chunks that take time are shared out")
    func threadsShare() {
        let pool = ComputePool(threadCount: 3)
        let takers = Tally(3)
        pool.run(60) { _, thread in
            takers[thread].wrappingAdd(1, ordering: .relaxed)
            usleep(2000)
        }
        // However busy the machine, 120 ms are enough for one more thread to come by.
        #expect((0..<3).filter { takers[$0].load(ordering: .relaxed) > 0 }.count > 1)
    }

    @Test("a thread's number is its own while it runs a chunk")
    func threadNumbersAreExclusive() {
        let pool = ComputePool(threadCount: 4)
        let inside = Tally(4)
        let clashes = Atomic(0)
        for _ in 0..<10_000 {
            pool.run(32) { _, thread in
                if inside[thread].wrappingAdd(1, ordering: .acquiringAndReleasing).newValue != 1 {
                    clashes.wrappingAdd(1, ordering: .relaxed)
                }
                inside[thread].wrappingSubtract(1, ordering: .acquiringAndReleasing)
            }
        }
        #expect(clashes.load(ordering: .relaxed) == 0)
    }
}

/// A row of atomic counters.
private final class Tally: @unchecked Sendable {
    // Unchecked: the counters are atomic, and the memory lives as long as this object.
    private let counters: UnsafeMutablePointer<Atomic<Int>>
    private let count: Int

    init(_ count: Int) {
        self.count = count
        counters = .allocate(capacity: max(count, 1))
        for i in 0..<count { (counters + i).initialize(to: Atomic(0)) }
    }

    deinit {
        counters.deinitialize(count: count)
        counters.deallocate()
    }

    subscript(index: Int) -> Atomic<Int> {
        _read { yield counters[index] }
    }
}
