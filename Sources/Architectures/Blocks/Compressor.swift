internal import Tensors

/// Makes one row of every `ratio` tokens: a sum that a softmax of gates weighs, element by element, normed and rotated.
///
/// Where windows overlap, each token counts twice, by halves of its row and gate: for the window behind its own and for
/// its own.
/// - SeeAlso: DeepSeek-AI 2026, "DeepSeek-V4", sections 2.3.1 and 2.3.2.
struct Compressor: Sendable {
    var rows: Matrix  // [parts * width, width of the residual stream]
    var gates: Matrix  // likewise
    /// What is added to the gates of a window's tokens.
    var gateBias: Vector  // [ratio, parts * width]
    var norm: Vector  // [width]
    /// Tokens of a window.
    var ratio: Int
    /// Elements of what it makes.
    var width: Int
    var overlaps: Bool
    var rotary: RotaryTable
    var epsilon: Float

    /// Loads tensors whose names begin with `prefix`; twice the rows mean overlapping windows.
    init(
        _ p: Hyperparameters, _ weights: WeightLoader, _ prefix: String, ratio: Int, width: Int, overlaps: Bool,
        rotary: RotaryTable
    ) throws(ModelError) {
        (self.ratio, self.width, self.overlaps, self.rotary, epsilon) = (ratio, width, overlaps, rotary, p.epsilon)
        let stored = overlaps ? 2 * width : width
        rows = try weights.matrix("\(prefix)_kv.weight", rows: stored, columns: p.width)
        gates = try weights.matrix("\(prefix)_gate.weight", rows: stored, columns: p.width)
        gateBias = try weights.vector("\(prefix)_ape.weight", count: stored, rows: ratio)
        norm = try weights.vector("\(prefix)_norm.weight", count: width)
    }

    /// The rows and gates of the latest tokens: those of unfinished windows, and some more to go back to.
    final class State {
        /// Tokens that it holds.
        let capacity: Int
        private let width: Int
        private let memory: FloatBuffer
        /// One more than the last position that was written since the state was empty.
        private(set) var end = 0

        fileprivate init(capacity: Int, width: Int) {
            (self.capacity, self.width) = (capacity, width)
            memory = FloatBuffer(capacity: capacity * 2 * width)
        }

        fileprivate func row(_ position: Int) -> UnsafeMutablePointer<Float> {
            unsafe memory.pointer + position % capacity * 2 * width
        }

        fileprivate func gate(_ position: Int) -> UnsafeMutablePointer<Float> { unsafe row(position) + width }

        fileprivate func advance(to position: Int) { end = max(end, position) }

        func clear() { end = 0 }
    }

    private var stateCapacity: Int { max(256, 3 * ratio) }
    var stateByteCount: Int { stateCapacity * 2 * rows.rows * 4 }
    func makeState() -> State { State(capacity: stateCapacity, width: rows.rows) }

    /// Whether windows can go on at `position` from what the state holds.
    func canResume(at position: Int, _ state: State) -> Bool {
        let first = (position / ratio - (overlaps ? 1 : 0)) * ratio
        return max(0, first) >= state.end - stateCapacity
    }

    /// Rows that `tokens` tokens make.
    func count(_ tokens: Int) -> Int { tokens / ratio }

    /// Rows and gates of all tokens of a pass before the bias, [2, tokens, stored width]; valid until the next call.
    func project(_ input: Activations, _ pass: Pass) -> UnsafePointer<Float> {
        let projected = unsafe pass.workspace.floats(.carried, 2 * pass.tokens * rows.rows)
        unsafe pass.compute.project(
            input, tokens: pass.tokens,
            [
                Projection(rows, output: projected),
                Projection(gates, output: projected + pass.tokens * rows.rows),
            ])
        return unsafe UnsafePointer(projected)
    }

    /// Takes in the tokens of one sequence and appends the rows of the windows that they finish to `cache`.
    /// - Parameter projected: what `project` made.
    func append(
        _ projected: UnsafePointer<Float>, _ segment: Segment, _ pass: Pass, _ state: State, to cache: KVCache
    ) {
        let stored = rows.rows
        // In steps after which the state still holds the windows that they finish.
        let step = stateCapacity - 2 * ratio
        for first in stride(from: 0, to: segment.tokens, by: step) {
            let part = first..<min(segment.tokens, first + step)
            for token in part {
                let (row, position) = (segment.rows.lowerBound + token, segment.position + token)
                unsafe state.row(position).update(from: projected + row * stored, count: stored)
                let gate = unsafe state.gate(position)
                let (from, bias) = unsafe (
                    projected + (pass.tokens + row) * stored, gateBias.pointer + position % ratio * stored
                )
                for i in 0..<stored { unsafe gate[i] = unsafe from[i] + bias[i] }
            }
            let (start, end) = (segment.position + part.lowerBound, segment.position + part.upperBound)
            state.advance(to: end)
            finish(count(start)..<count(end), pass, state, to: cache)
        }
    }

    private func finish(_ windows: Range<Int>, _ pass: Pass, _ state: State, to cache: KVCache) {
        guard !windows.isEmpty else { return }
        let compute = pass.compute
        let made = unsafe pass.workspace.floats(.compressed, windows.count * width)
        unsafe compute.forEach(windows.count, scratchFloats: 4 * ratio * width) { index, scratch in
            let window = windows.lowerBound + index
            let count = unsafe gather(window, state, into: scratch)
            unsafe compute.pool(
                scratch, gates: scratch + 2 * ratio * width, count: count, width: width, into: made + index * width)
        }
        let heads = unsafe HeadRows(made, heads: 1, dim: width)
        unsafe compute.normalizeHeads(heads, tokens: windows.count, weight: norm.pointer, epsilon: epsilon)
        let rotations = Rotations(rotary)
        rotations.prepare(windows.map { $0 * ratio })
        unsafe compute.rotate(
            heads, tokens: windows.count, rotations, pairing: .pairs, offset: width - 2 * rotary.half)
        unsafe compute.store(keys: heads, values: nil, tokens: windows.count, position: windows.lowerBound, in: cache)
    }

    /// The rows of a window and behind 2 * ratio of them its gates, the overlapping ones first; returns how many.
    private func gather(_ window: Int, _ state: State, into scratch: UnsafeMutablePointer<Float>) -> Int {
        let gates = unsafe scratch + 2 * ratio * width
        var count = 0
        func take(_ window: Int, part: Int) {
            for position in window * ratio..<(window + 1) * ratio {
                unsafe (scratch + count * width).update(from: state.row(position) + part * width, count: width)
                unsafe (gates + count * width).update(from: state.gate(position) + part * width, count: width)
                count += 1
            }
        }
        if overlaps, window > 0 { take(window - 1, part: 0) }
        take(window, part: overlaps ? 1 : 0)
        return count
    }
}
