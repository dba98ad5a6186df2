internal import CKernels

/// Kernels, threads and scratch memory: what every operation needs.
///
/// One thread at a time may call its operations; they spread over the pool themselves.
@safe
package final class Compute {
    package let level: KernelLevel
    package let pool: ComputePool
    let kernels: UnsafePointer<mk_kernels>
    private var scratch: [FloatBuffer]
    /// Sees what enters matrix products; nil costs nothing.
    package var observer: (any ProductObserver)?
    /// Corrections of the model's matrices in the rows of the next pass; nil costs nothing.
    package var adapters: AdapterRuns?
    /// What enters the second matrices of adapters.
    let reduced = FloatBuffer()
    /// Gated blocks before their activation, where adapters correct them.
    let halves = FloatBuffer()

    package init(level: KernelLevel, pool: ComputePool) {
        precondition(level.isAvailable)
        self.level = level
        self.pool = pool
        unsafe kernels = mk_kernels_at(level.rawValue)!
        scratch = (0..<pool.threadCount).map { _ in FloatBuffer() }
    }

    /// Makes sure that each thread has `count` floats to itself.
    func reserveScratch(_ count: Int) {
        for buffer in scratch { buffer.reserve(count) }
    }

    func scratch(of thread: Int) -> UnsafeMutablePointer<Float> { unsafe scratch[thread].pointer }

    /// Runs `body` for each of `count` tokens, on several threads when that is worth waking them.
    func forEachToken(_ count: Int, _ body: (Int) -> Void) {
        guard count >= 8 else {
            for token in 0..<count { body(token) }
            return
        }
        let chunk = 4
        pool.run((count + chunk - 1) / chunk) { index, _ in
            for token in index * chunk..<min(count, index * chunk + chunk) { body(token) }
        }
    }

    /// Runs `body` for each of `count` pieces of work, with `scratchFloats` of scratch memory for each thread.
    package func forEach(
        _ count: Int, scratchFloats: Int, _ body: (_ index: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
    ) {
        reserveScratch(scratchFloats)
        pool.run(count) { index, thread in unsafe body(index, scratch(of: thread)) }
    }
}
