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
        self.mixed = mixed
        self.mixedStride = mixedStride
        self.rates = rates
        self.rateStride = rateStride
        self.position = position
        self.tokens = tokens
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
        self.heads = heads
        self.gates = gates
        self.norm = norm
        self.epsilon = epsilon
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
        let rows = min(input.tokens, Self.deltaChunk)
        reserveScratch(rows * (2 * shape.keyDim + 2 * shape.valueDim + 2))
        pool.run(shape.heads) { head, thread in
            let scratch = scratch(of: thread)
            var first = 0
            while first < input.tokens {
                let end = min(input.tokens, first + Self.deltaChunk)
                passTokens(first..<end, head: head, input, weights, state, into: output, scratch: scratch)
                first = end
            }
        }
        for token in max(0, input.tokens - shape.taps + 1)..<input.tokens {
            state.input(at: input.position + token)
                .update(from: input.mixed + token * input.mixedStride, count: shape.channels)
        }
    }

    private func passTokens(
        _ tokens: Range<Int>, head: Int, _ input: DeltaInput, _ weights: DeltaWeights, _ state: DeltaState,
        into output: DeltaOutput?, scratch: UnsafeMutablePointer<Float>
    ) {
        let shape = state.shape
        let (keyDim, valueDim, count) = (shape.keyDim, shape.valueDim, tokens.count)
        let queries = scratch
        let keys = queries + count * keyDim
        let values = keys + count * keyDim
        let results = values + count * valueDim
        let decays = results + count * valueDim
        let rates = decays + count
        let keyHead = weights.keyHead[head]
        let queryScale = 1 / Float(keyDim).squareRoot()
        for (row, token) in tokens.enumerated() {
            convolve(token, input, weights, state, channel: keyHead * keyDim, keyDim, into: queries + row * keyDim)
            convolve(
                token, input, weights, state, channel: (shape.keyHeads + keyHead) * keyDim, keyDim,
                into: keys + row * keyDim)
            convolve(
                token, input, weights, state, channel: 2 * shape.keyHeads * keyDim + head * valueDim, valueDim,
                into: values + row * valueDim)
            normalizeLength(queries + row * keyDim, keyDim, to: queryScale)
            normalizeLength(keys + row * keyDim, keyDim, to: 1)
            let products = input.rates + token * input.rateStride
            let step = products[weights.decayPlace[head]] + weights.decayBias.pointer[head]
            decays[row] = expf(weights.decay.pointer[head] * (step > 20 ? step : log1pf(expf(step))))
            rates[row] = 1 / (1 + expf(-products[weights.ratePlace[head]]))
        }
        var task = mk_delta()
        task.tokens = Int32(count)
        task.key_dim = Int32(keyDim)
        task.value_dim = Int32(valueDim)
        task.q = UnsafePointer(queries)
        task.k = UnsafePointer(keys)
        task.v = UnsafePointer(values)
        task.decay = UnsafePointer(decays)
        task.beta = UnsafePointer(rates)
        task.state = state.matrix(of: head)
        task.out = results
        kernels.pointee.delta_rule(&task)
        guard let output else { return }
        for (row, token) in tokens.enumerated() {
            let (from, to) = (results + row * valueDim, output.heads.head(head, of: token))
            kernels.pointee.rms_norm(from, output.norm, output.epsilon, Int32(valueDim), from)
            kernels.pointee.activate(
                Int32(MK_SILU), output.gates.head(head, of: token), from, 0, Int32(valueDim), to)
        }
    }

    /// Channels of one token behind the convolution and its SiLU.
    private func convolve(
        _ token: Int, _ input: DeltaInput, _ weights: DeltaWeights, _ state: DeltaState, channel: Int, _ count: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        let taps = state.shape.taps
        withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: taps) { rows in
            for tap in 0..<taps {
                let row = token - taps + 1 + tap
                let start =
                    row >= 0
                    ? input.mixed + row * input.mixedStride
                    : UnsafePointer(state.input(at: input.position + row))
                rows.initializeElement(at: tap, to: start + channel)
            }
            kernels.pointee.convolve(
                rows.baseAddress!, weights.convolution.pointer + channel, state.shape.channels, Int32(taps),
                Int32(count), output)
        }
    }

    private func normalizeLength(_ row: UnsafeMutablePointer<Float>, _ count: Int, to length: Float) {
        kernels.pointee.l2_norm(row, length, 1e-6, Int32(count), row)
    }
}
