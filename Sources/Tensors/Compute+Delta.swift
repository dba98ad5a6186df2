internal import CKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Weights of a gated delta rule layer besides its projections.
package struct DeltaWeights: Sendable {
    /// [taps, channels], the oldest tap first.
    package var convolution: Vector
    /// Factor on the softplus that the decay's logarithm is, [heads], negative.
    package var decay: Vector
    /// Added to the decay's product, [heads].
    package var decayBias: Vector
    /// The queries' and keys' head of each head.
    package var keyHead: [Int]
    /// Where each head's products for its rate of writing and its decay lie in a row of rates.
    package var ratePlace: [Int]
    package var decayPlace: [Int]

    package init(
        convolution: Vector, decay: Vector, decayBias: Vector, keyHead: [Int], ratePlace: [Int], decayPlace: [Int]
    ) {
        self.convolution = convolution
        self.decay = decay
        self.decayBias = decayBias
        self.keyHead = keyHead
        self.ratePlace = ratePlace
        self.decayPlace = decayPlace
    }
}

/// The projected tokens that a gated delta rule layer works on.
@unsafe
package struct DeltaInput {
    /// [tokens, stride], of which each row begins with `shape.channels` elements: what the convolution takes.
    package var mixed: UnsafePointer<Float>
    package var mixedStride: Int
    /// [tokens, stride], of which each row begins with 2 * heads elements, see `DeltaWeights`.
    package var rates: UnsafePointer<Float>
    package var rateStride: Int
    /// Of the first token; the others follow.
    package var position: Int
    package var tokens: Int

    package init(
        mixed: UnsafePointer<Float>, mixedStride: Int, rates: UnsafePointer<Float>, rateStride: Int, position: Int,
        tokens: Int
    ) {
        unsafe self.mixed = mixed
        unsafe self.mixedStride = mixedStride
        unsafe self.rates = rates
        unsafe self.rateStride = rateStride
        unsafe self.position = position
        unsafe self.tokens = tokens
    }
}

/// Where a gated delta rule layer writes, and what it makes of its heads last: norm(head) * silu(gate).
@unsafe
package struct DeltaOutput {
    package var heads: HeadRows
    package var gates: HeadRows
    /// [valueDim]
    package var norm: UnsafePointer<Float>
    package var epsilon: Float

    package init(heads: HeadRows, gates: HeadRows, norm: UnsafePointer<Float>, epsilon: Float) {
        unsafe self.heads = heads
        unsafe self.gates = gates
        unsafe self.norm = norm
        unsafe self.epsilon = epsilon
    }
}

extension Compute {
    /// Tokens whose convolved rows a thread holds at a time: they stay in the second-level cache.
    private static let deltaChunk = 64

    /// Takes `state` over some tokens: convolution, normalised queries and keys, the gated delta rule, gated norm.
    ///
    /// A head is one thread's work from end to end and its tokens pass one by one, so that results depend neither on
    /// the number of threads nor on how a sequence is cut into batches.
    /// - Parameter output: nil where only the state matters.
    /// - SeeAlso: Yang et al. 2024, arXiv:2412.06464.
    package func deltaRule(_ input: DeltaInput, _ weights: DeltaWeights, state: DeltaState, into output: DeltaOutput?) {
        let shape = state.shape
        let rows = unsafe min(input.tokens, Self.deltaChunk)
        reserveScratch(rows * (2 * shape.keyDim + 2 * shape.valueDim + 2))
        pool.run(shape.heads) { head, thread in
            let scratch = unsafe scratch(of: thread)
            var first = 0
            while unsafe first < input.tokens {
                let end = unsafe min(input.tokens, first + Self.deltaChunk)
                unsafe passTokens(first..<end, head: head, input, weights, state, into: output, scratch: scratch)
                first = end
            }
        }
        for token in unsafe max(0, input.tokens - shape.taps + 1)..<input.tokens {
            unsafe state.input(at: input.position + token)
                .update(from: input.mixed + token * input.mixedStride, count: shape.channels)
        }
    }

    private func passTokens(
        _ tokens: Range<Int>, head: Int, _ input: DeltaInput, _ weights: DeltaWeights, _ state: DeltaState,
        into output: DeltaOutput?, scratch: UnsafeMutablePointer<Float>
    ) {
        let shape = state.shape
        let (keyDim, valueDim, count) = (shape.keyDim, shape.valueDim, tokens.count)
        let queries = unsafe scratch
        let keys = unsafe queries + count * keyDim
        let values = unsafe keys + count * keyDim
        let results = unsafe values + count * valueDim
        let decays = unsafe results + count * valueDim
        let rates = unsafe decays + count
        let keyHead = weights.keyHead[head]
        let queryScale = 1 / Float(keyDim).squareRoot()
        for (row, token) in tokens.enumerated() {
            unsafe convolve(
                token, input, weights, state, channel: keyHead * keyDim, keyDim, into: queries + row * keyDim)
            unsafe convolve(
                token, input, weights, state, channel: (shape.keyHeads + keyHead) * keyDim, keyDim,
                into: keys + row * keyDim)
            unsafe convolve(
                token, input, weights, state, channel: 2 * shape.keyHeads * keyDim + head * valueDim, valueDim,
                into: values + row * valueDim)
            unsafe normalizeLength(queries + row * keyDim, keyDim, to: queryScale)
            unsafe normalizeLength(keys + row * keyDim, keyDim, to: 1)
            let products = unsafe input.rates + token * input.rateStride
            let step = unsafe products[weights.decayPlace[head]] + weights.decayBias.pointer[head]
            unsafe decays[row] = expf(weights.decay.pointer[head] * (step > 20 ? step : log1pf(expf(step))))
            unsafe rates[row] = 1 / (1 + expf(-products[weights.ratePlace[head]]))
        }
        var task = unsafe mk_delta()
        unsafe task.tokens = Int32(count)
        unsafe task.key_dim = Int32(keyDim)
        unsafe task.value_dim = Int32(valueDim)
        unsafe task.q = UnsafePointer(queries)
        unsafe task.k = UnsafePointer(keys)
        unsafe task.v = UnsafePointer(values)
        unsafe task.decay = UnsafePointer(decays)
        unsafe task.beta = UnsafePointer(rates)
        unsafe task.state = state.matrix(of: head)
        unsafe task.out = results
        unsafe kernels.pointee.delta_rule(&task)
        guard let output = unsafe output else { return }
        for (row, token) in tokens.enumerated() {
            let (from, to) = unsafe (results + row * valueDim, output.heads.head(head, of: token))
            unsafe kernels.pointee.rms_norm(from, output.norm, output.epsilon, Int32(valueDim), from)
            unsafe kernels.pointee.activate(
                Int32(MK_SILU), output.gates.head(head, of: token), from, 0, Int32(valueDim), to)
        }
    }

    /// Channels of one token behind the convolution and its SiLU.
    private func convolve(
        _ token: Int, _ input: DeltaInput, _ weights: DeltaWeights, _ state: DeltaState, channel: Int, _ count: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let taps = state.shape.taps
        unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: taps) { rows in
            for tap in 0..<taps {
                let row = token - taps + 1 + tap
                let start =
                    unsafe row >= 0
                    ? input.mixed + row * input.mixedStride
                    : UnsafePointer(state.input(at: input.position + row))
                unsafe rows.initializeElement(at: tap, to: start + channel)
            }
            unsafe kernels.pointee.convolve(
                rows.baseAddress!, weights.convolution.pointer + channel, state.shape.channels, Int32(taps),
                Int32(count), output)
        }
    }

    private func normalizeLength(_ row: UnsafeMutablePointer<Float>, _ count: Int, to length: Float) {
        unsafe kernels.pointee.l2_norm(row, length, 1e-6, Int32(count), row)
    }
}
