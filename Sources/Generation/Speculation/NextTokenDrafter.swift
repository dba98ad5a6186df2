internal import Architectures
internal import Tensors

/// Drafts tokens with the model's own head for further tokens.
///
/// The head looks at pairs: a token, and what the decoder made of the one before it. It keeps keys and values of its
/// own, which are filled here from the rows that the decoder's passes leave. Where some are missing after going back,
/// drafts get worse, never wrong: the decoder verifies them.
final class NextTokenDrafter {
    private let head: NextTokenHead
    private let cache: any LayerCache
    private let rows: FloatBuffer
    /// Positions whose rows wait here, in order; the head has seen all before.
    private var waiting = 0..<0

    /// Rows that may wait when a pass begins.
    private static let patience = 64

    init?(_ head: NextTokenHead, capacity: Int, kv: KVType) {
        guard head.supports(kv), let cache = head.makeCache(capacity: capacity, kv: kv) else { return nil }
        self.head = head
        self.cache = cache
        rows = FloatBuffer(capacity: (Self.patience + Session.batch) * head.width)
    }

    /// Bytes that drafting takes besides the weights.
    static func byteCount(_ head: NextTokenHead, capacity: Int, kv: KVType) -> Int {
        head.cacheByteCount(capacity: capacity, kv: kv) + (patience + Session.batch) * head.width * 4
    }

    /// Where a pass over tokens from `position` on is to leave its rows. `tokens` are those before it.
    func room(at position: Int, after tokens: ArraySlice<Int32>, _ compute: Compute, _ workspace: Workspace)
        -> UnsafeMutablePointer<Float>
    {
        if waiting.upperBound != position { waiting = position..<position }
        if waiting.count > Self.patience {
            // The last one's successor is yet to come.
            fill(Array(tokens[waiting.lowerBound + 1..<position]), compute, workspace)
        }
        return rows.pointer + waiting.count * head.width
    }

    /// The rows of `count` more tokens have been written.
    func append(_ count: Int) { waiting = waiting.lowerBound..<waiting.upperBound + count }

    func truncate(to position: Int) {
        waiting = min(waiting.lowerBound, position)..<min(waiting.upperBound, position)
    }

    /// The likeliest tokens after `next`, which follows `tokens`; at most `count`.
    func draft(after tokens: [Int32], _ next: Int32, count: Int, _ compute: Compute, _ workspace: Workspace) -> [Int32]
    {
        guard count > 0, waiting.upperBound == tokens.count, !waiting.isEmpty else { return [] }
        var position = waiting.lowerBound
        var ids = Array(tokens[(position + 1)...]) + [next]
        var hidden = rows.pointer
        waiting = tokens.count..<tokens.count
        var drafts: [Int32] = []
        while drafts.count < count {
            var best: Int32 = 0
            run(ids, at: position, hidden: hidden, compute, workspace) { logits in
                for i in logits.indices where logits[i] > logits[Int(best)] { best = Int32(i) }
            }
            drafts.append(best)
            // From here on the head reads what it made itself.
            hidden += (ids.count - 1) * head.width
            position += ids.count
            ids = [best]
        }
        return drafts
    }

    /// Shows the head the first rows that wait, with their successors.
    private func fill(_ successors: [Int32], _ compute: Compute, _ workspace: Workspace) {
        guard !successors.isEmpty else { return }
        let left = waiting.count - successors.count
        run(successors, at: waiting.lowerBound, hidden: rows.pointer, compute, workspace, report: nil)
        rows.pointer.update(from: rows.pointer + successors.count * head.width, count: left * head.width)
        waiting = waiting.lowerBound + successors.count..<waiting.upperBound
    }

    private func run(
        _ ids: [Int32], at position: Int, hidden: UnsafeMutablePointer<Float>, _ compute: Compute,
        _ workspace: Workspace, report: ((UnsafeMutableBufferPointer<Float>) -> Void)?
    ) {
        ids.withUnsafeBufferPointer { ids in
            head.forward(
                Pass(ids: ids, position: position, compute: compute, workspace: workspace), hidden: hidden,
                cache: cache, report: report)
        }
    }
}
