/// A model that writes to disk what one of its slots holds, and reads it back. Each call waits until the slot is free.
///
/// What is wrong with the request is a `SlotRefusal`.
package protocol SlotKeeping: Sendable {
    /// Writes what the slot holds to `path`, in place of what was saved there before.
    func saveSlot(_ slot: Int, to path: String) async throws -> SlotTransfer
    /// Lets the slot hold what was saved at `path`.
    func restoreSlot(_ slot: Int, from path: String) async throws -> SlotTransfer
    /// Lets the slot hold nothing. Nothing moves; the tokens are those that it held.
    func eraseSlot(_ slot: Int) async throws -> SlotTransfer
}

/// What went from or to a slot.
package struct SlotTransfer: Hashable, Sendable {
    package var tokens: Int
    package var bytes: Int

    package init(tokens: Int, bytes: Int) { (self.tokens, self.bytes) = (tokens, bytes) }
}

/// Why a slot is neither saved nor restored.
package enum SlotRefusal: Error, Hashable, Sendable {
    /// Slots count from 0.
    case noSuchSlot(Int, count: Int)
    /// The layers of this model keep what cannot be copied, or it runs one answer at a time with drafts of its own.
    case keepsNone
    case notWritten
    /// Nothing was saved there.
    case notFound
    /// It is damaged, or of another model, another type of cache, or another adapter.
    case notReadable
    case tooLong(tokens: Int, context: Int)
}
