internal import CPlatform
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Threads that run the chunks of one kernel at a time.
///
/// Chunks are claimed one by one from an atomic word, so a thread that a neighbour slows down simply takes fewer.
/// A thread that has nothing to do spins for some microseconds, because the next kernel of a forward pass follows
/// at once, and then sleeps. When a worker is taken off its core in the middle of a chunk, the caller has to wait for
/// it; if that eats much of the time, the workers rest for a while and the caller goes on alone.
/// See Docs/Decisions/0003-compute-pool.md.
package final class ComputePool: @unchecked Sendable {
    package typealias Body = (_ chunks: Range<Int>, _ thread: Int) -> Void

    /// Threads including the caller's.
    package let threadCount: Int

    private let shared: Shared
    private var threads: [pthread_t] = []
    private var contention = ContentionMeter()

    private static let chunkLimit = 1 << 20

    package init(threadCount: Int) {
        precondition(threadCount >= 1)
        self.threadCount = threadCount
        shared = Shared(threadCount: threadCount)
        for index in 1..<max(1, threadCount) {
            let start = unsafe Unmanaged.passRetained(WorkerStart(shared: shared, index: index))
            unsafe threads.append(Self.spawn(start))
        }
    }

    deinit {
        shared.stop()
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Runs `body` for every chunk in 0..<count and returns when all have finished.
    ///
    /// Not reentrant, and to be called from one thread at a time.
    package func run(_ count: Int, _ body: (_ chunk: Int, _ thread: Int) -> Void) {
        dispatch(count, guided: false) { chunks, thread in
            for chunk in chunks { body(chunk, thread) }
        }
    }

    /// The same in ranges of chunks that shrink from a share of all to single ones.
    ///
    /// For work that streams through memory: every seam between threads costs the latency that prefetching hides
    /// elsewhere, and large ranges have few seams. - SeeAlso: Polychronopoulos and Kuck 1987, "Guided self-scheduling".
    package func runRanges(_ count: Int, _ body: Body) {
        dispatch(count, guided: true, body)
    }

    private func dispatch(_ count: Int, guided: Bool, _ body: Body) {
        guard threadCount > 1, count > 1, !contention.isResting() else {
            if count > 0 { body(0..<count, 0) }
            return
        }
        precondition(count < Self.chunkLimit)
        withoutActuallyEscaping(body) { body in
            shared.job = body
            let run = shared.publish(count, guided: guided)
            let start = contention.now()
            let mine = shared.work(run: run, thread: 0, body)
            let finished = contention.now()
            shared.waitForOthers()
            contention.record(
                worked: finished - start, waited: contention.now() - finished, chunks: mine)
            shared.job = nil
        }
    }

    // MARK: Workers

    fileprivate final class WorkerStart {
        let shared: Shared
        let index: Int
        init(shared: Shared, index: Int) {
            self.shared = shared
            self.index = index
        }
    }

    private static func spawn(_ start: Unmanaged<WorkerStart>) -> pthread_t {
        #if canImport(Glibc)
            var thread = pthread_t()
            let code = unsafe pthread_create(&thread, nil, { unsafe runWorker($0) }, unsafe start.toOpaque())
        #else
            var started: pthread_t?
            let code = pthread_create(&started, nil, { runWorker($0) }, start.toOpaque())
            let thread = started!
        #endif
        precondition(code == 0, "pthread_create failed with \(code)")
        return thread
    }
}

/// What the threads of a pool have in common. Each keeps it alive while it runs, and none keeps the pool, whose end ends
/// them.
///
/// Unchecked: `job` is written only between runs and read only by threads that hold a chunk of the current run.
private final class Shared: @unchecked Sendable {
    var job: ComputePool.Body?
    private let threadCount: Int
    private let words = Words()

    private static let spins = 2000

    init(threadCount: Int) { self.threadCount = threadCount }

    deinit { words.free() }

    func stop() {
        unsafe words.stopping.pointee.store(true, ordering: .releasing)
        words.wakeAll()
    }

    /// Words that threads share, each on a cache line of its own.
    @safe
    private struct Words: @unchecked Sendable {
        /// Run number (24 bits), chunk count (20 bits), next chunk (20 bits).
        let ticket: UnsafeMutablePointer<Atomic<UInt64>>
        /// Chunks of the current run that have not finished.
        let unfinished: UnsafeMutablePointer<Atomic<Int>>
        /// Changes whenever sleepers should look again.
        let alarm: UnsafeMutablePointer<Atomic<UInt32>>
        let sleepers: UnsafeMutablePointer<Atomic<Int>>
        let stopping: UnsafeMutablePointer<Atomic<Bool>>
        private let memory: UnsafeMutableRawPointer

        init() {
            unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: 5 * 128, alignment: 128)
            unsafe ticket = memory.initializeMemory(as: Atomic<UInt64>.self, to: Atomic(0))
            unsafe unfinished = (memory + 128).initializeMemory(as: Atomic<Int>.self, to: Atomic(0))
            unsafe alarm = (memory + 256).initializeMemory(as: Atomic<UInt32>.self, to: Atomic(0))
            unsafe sleepers = (memory + 384).initializeMemory(as: Atomic<Int>.self, to: Atomic(0))
            unsafe stopping = (memory + 512).initializeMemory(as: Atomic<Bool>.self, to: Atomic(false))
        }

        func free() { unsafe memory.deallocate() }

        func wakeAll() {
            unsafe alarm.pointee.wrappingAdd(1, ordering: .releasing)
            unsafe mp_wake_all(UnsafeRawPointer(alarm).assumingMemoryBound(to: UInt32.self))
        }
    }

    /// Run numbers are odd where ranges are guided.
    private static func run(of ticket: UInt64) -> UInt64 { ticket >> 40 }

    func publish(_ count: Int, guided: Bool) -> UInt64 {
        unsafe words.unfinished.pointee.store(count, ordering: .relaxed)
        let previous = unsafe Self.run(of: words.ticket.pointee.load(ordering: .relaxed))
        let run = ((previous | 1) + (guided ? 2 : 1)) & 0xff_ffff
        unsafe words.ticket.pointee.store(run << 40 | UInt64(count) << 20, ordering: .sequentiallyConsistent)
        if unsafe words.sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 { words.wakeAll() }
        return run
    }

    /// Claims and runs chunks of one run until none is left; returns how many.
    func work(run: UInt64, thread: Int, _ body: ComputePool.Body) -> Int {
        var done = 0
        while let chunks = claim(run: run) {
            body(chunks, thread)
            done += chunks.count
        }
        if done > 0 { unsafe words.unfinished.pointee.wrappingSubtract(done, ordering: .releasing) }
        return done
    }

    private func claim(run: UInt64) -> Range<Int>? {
        var ticket = unsafe words.ticket.pointee.load(ordering: .acquiring)
        while Self.run(of: ticket) == run {
            let count = Int(ticket >> 20 & 0xf_ffff)
            let next = Int(ticket & 0xf_ffff)
            guard next < count else { return nil }
            let share = run & 1 == 1 ? max(1, (count - next) / (2 * threadCount)) : 1
            let (exchanged, seen) = unsafe words.ticket.pointee.compareExchange(
                expected: ticket, desired: ticket + UInt64(share), ordering: .acquiringAndReleasing)
            if exchanged { return next..<next + share }
            ticket = seen
        }
        return nil
    }

    func waitForOthers() {
        while unsafe words.unfinished.pointee.load(ordering: .acquiring) > 0 { mp_pause() }
    }

    func workerLoop(_ thread: Int) {
        var seen: UInt64 = 0
        while unsafe !words.stopping.pointee.load(ordering: .acquiring) {
            let run = awaitRun(after: seen)
            seen = run
            _ = work(run: run, thread: thread) { [self] chunks, thread in
                // The job is valid as long as this thread holds a chunk that it has not reported.
                job!(chunks, thread)
            }
        }
    }

    /// The number of a run later than `seen`; spins first, sleeps then.
    private func awaitRun(after seen: UInt64) -> UInt64 {
        while true {
            for _ in 0..<Self.spins {
                let run = unsafe Self.run(of: words.ticket.pointee.load(ordering: .acquiring))
                if run != seen { return run }
                mp_pause()
            }
            let alarm = unsafe words.alarm.pointee.load(ordering: .acquiring)
            unsafe words.sleepers.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
            let run = unsafe Self.run(of: words.ticket.pointee.load(ordering: .sequentiallyConsistent))
            if run == seen, unsafe !words.stopping.pointee.load(ordering: .acquiring) {
                unsafe mp_wait(UnsafeRawPointer(words.alarm).assumingMemoryBound(to: UInt32.self), alarm)
            }
            unsafe words.sleepers.pointee.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            if unsafe words.stopping.pointee.load(ordering: .acquiring) { return seen }
        }
    }
}

private func runWorker(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let start = unsafe Unmanaged<ComputePool.WorkerStart>.fromOpaque(raw!).takeRetainedValue()
    start.shared.workerLoop(start.index)
    return nil
}
