/// The sizes of a gated delta rule layer.
package struct DeltaShape: Hashable, Sendable {
    /// Heads of queries and keys, each of which serves one or more heads of values.
    package var keyHeads: Int
    /// Heads of values: each has a state.
    package var heads: Int
    /// Elements of a key head and of a value head, multiples of 32.
    package var keyDim: Int
    package var valueDim: Int
    /// Tokens that the convolution sees, its own included; at least 2.
    package var taps: Int

    package init(keyHeads: Int, heads: Int, keyDim: Int, valueDim: Int, taps: Int) {
        precondition(keyDim % 32 == 0 && valueDim % 32 == 0 && heads % keyHeads == 0 && taps >= 2)
        self.keyHeads = keyHeads
        self.heads = heads
        self.keyDim = keyDim
        self.valueDim = valueDim
        self.taps = taps
    }

    /// What goes through the convolution: queries, then keys, then values of all heads.
    package var channels: Int { 2 * keyHeads * keyDim + heads * valueDim }
    /// Elements of all values.
    package var valueWidth: Int { heads * valueDim }

    fileprivate var stateFloats: Int { heads * keyDim * valueDim }
    /// Bytes of a state.
    package var byteCount: Int { 4 * (stateFloats + (taps - 1) * channels) }
}

/// What a gated delta rule layer knows of the tokens so far: a matrix a head, and the convolution's last inputs.
///
/// Matrices lie as kernels read them, [heads, valueDim / 32, keyDim, 32].
package final class DeltaState {
    package let shape: DeltaShape
    private let memory: AlignedMemory

    /// The state before the first token.
    /// - Returns: nil when the system refuses the memory.
    package init?(_ shape: DeltaShape) {
        guard let memory = AlignedMemory(byteCount: shape.byteCount) else { return nil }
        self.shape = shape
        self.memory = memory
    }

    package func copy(from other: DeltaState) {
        precondition(shape == other.shape)
        unsafe memory.bytes.copyMemory(from: UnsafeRawBufferPointer(other.memory.bytes))
    }

    /// Copies the state to `bytes`, [shape.byteCount].
    package func copy(to bytes: UnsafeMutableRawPointer) {
        unsafe bytes.copyMemory(from: memory.bytes.baseAddress!, byteCount: shape.byteCount)
    }

    /// Takes over a state that was copied out.
    package func copy(from bytes: UnsafeRawPointer) {
        unsafe memory.bytes.baseAddress!.copyMemory(from: bytes, byteCount: shape.byteCount)
    }

    /// Goes back to before the first token.
    package func clear() { unsafe memory.floats().update(repeating: 0, count: shape.byteCount / 4) }

    func matrix(of head: Int) -> UnsafeMutablePointer<Float> {
        unsafe memory.floats() + head * shape.keyDim * shape.valueDim
    }

    /// The convolution's input at one of the last `taps - 1` positions, [channels]; zeros before the first token.
    func input(at position: Int) -> UnsafeMutablePointer<Float> {
        let rows = shape.taps - 1
        return unsafe memory.floats() + shape.stateFloats + (position % rows + rows) % rows * shape.channels
    }
}
