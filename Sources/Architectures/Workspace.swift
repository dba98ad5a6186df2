internal import Tensors

/// Buffers for intermediate results, reused from layer to layer and from one forward pass to the next.
package final class Workspace {
    /// What a buffer of floats holds while it is in use.
    enum Slot: Int, CaseIterable {
        case residual, queries, keys, values, gates, mixed, logits, scores, latent, expanded, carried
        case compressed, collapsed, coefficients
    }

    /// What rows that enter a product hold.
    enum Row: Hashable {
        case normalized, attended, hidden, latent, heads, streams
    }

    private struct RowKey: Hashable {
        var row: Row
        var width: Int
    }

    private struct ExpertKey: Hashable {
        var width: Int
        var hidden: Int
    }

    private let buffers = Slot.allCases.map { _ in FloatBuffer() }
    private var rows: [RowKey: Activations] = [:]
    private var experts: [ExpertKey: ExpertState] = [:]
    private var rotations: [ObjectIdentifier: (rotations: Rotations, positions: [Range<Int>])] = [:]
    private var latentStates: [Int: LatentState] = [:]
    let partials = FloatBuffer()
    let transposed = TransposedBank()
    let selection = RowSelection()
    let indexState = IndexState()

    package init() {}

    /// At least `count` floats with any content; the next call for the same slot may move them.
    func floats(_ slot: Slot, _ count: Int) -> UnsafeMutablePointer<Float> {
        let buffer = buffers[slot.rawValue]
        buffer.reserve(count)
        return unsafe buffer.pointer
    }

    func activations(_ row: Row, width: Int) -> Activations {
        let key = RowKey(row: row, width: width)
        if let found = rows[key] { return found }
        let new = Activations(width: width)
        rows[key] = new
        return new
    }

    func expertState(width: Int, hidden: Int) -> ExpertState {
        let key = ExpertKey(width: width, hidden: hidden)
        if let found = experts[key] { return found }
        let new = ExpertState(width: width, hidden: hidden)
        experts[key] = new
        return new
    }

    /// - Parameter latent: elements of a latent row.
    func latentState(_ latent: Int) -> LatentState {
        if let found = latentStates[latent] { return found }
        let new = LatentState(latent: latent)
        latentStates[latent] = new
        return new
    }

    /// Cosines and sines of `table` for `positions`, computed once for all layers that ask.
    func rotations(_ table: RotaryTable, _ positions: [Range<Int>]) -> Rotations {
        let key = ObjectIdentifier(table)
        if let found = rotations[key], found.positions == positions { return found.rotations }
        let prepared = rotations[key]?.rotations ?? Rotations(table)
        prepared.prepare(positions.joined())
        rotations[key] = (prepared, positions)
        return prepared
    }
}
