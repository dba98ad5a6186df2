/// Drafted tokens that the model has read, with its logits after each; they count once the caller asks for just them.
struct Lookahead {
    private(set) var ids: [Int32] = []
    private var logits: [[Float]] = []
    private var confirmed = 0

    /// Drafts that were read and not confirmed yet.
    var count: Int { ids.count - confirmed }
    /// How many were confirmed.
    var accepted: Int { confirmed }

    mutating func begin(_ drafts: [Int32]) {
        ids = drafts
        confirmed = 0
        while logits.count < drafts.count { logits.append([]) }
    }

    mutating func store(_ row: UnsafeMutableBufferPointer<Float>, afterDraft index: Int) {
        if logits[index].count != row.count { logits[index] = [Float](repeating: 0, count: row.count) }
        logits[index].withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: row) }
    }

    /// Exchanges `last` for the logits after `id` if that is the next draft.
    mutating func confirm(_ id: Int32, swapping last: inout [Float]) -> Bool {
        guard count > 0, ids[confirmed] == id else { return false }
        swap(&last, &logits[confirmed])
        confirmed += 1
        return true
    }

    mutating func discard() { (ids, confirmed) = ([], 0) }
}
