package import Chat
import Generation

/// Something to be done with a slot while no answer needs it.
struct SlotTask: Sendable {
    enum Action: Sendable {
        case save(path: String)
        case restore(path: String)
        case erase
    }

    var slot: Int
    var action: Action
    /// Called once.
    var finish: @Sendable (Result<SlotTransfer, any Error>) -> Void
}

extension BatchWorker {
    /// Does what can be done with slots now.
    /// - Returns: what has to wait for the end of an answer.
    func perform(_ tasks: [SlotTask]) -> [SlotTask] {
        tasks.filter { task in
            if scheduler.request(in: task.slot) != nil { return true }
            task.finish(Result { try perform(task.action, on: task.slot) })
            return false
        }
    }

    private func perform(_ action: SlotTask.Action, on slot: Int) throws(SlotRefusal) -> SlotTransfer {
        guard (0..<engine.slotCount).contains(slot) else { throw .noSuchSlot(slot, count: engine.slotCount) }
        switch action {
        case .save(let path):
            return try move(slot) { archive throws(SlotArchive.Failure) in try archive.save(slot, to: path) }
        case .restore(let path):
            // What was read before it failed is nothing to go on from.
            defer { noteHeld(slot) }
            return try move(slot) { archive throws(SlotArchive.Failure) in try archive.restore(slot, from: path) }
        case .erase:
            let held = engine.position(of: slot)
            engine.truncate(slot, to: 0)
            noteHeld(slot)
            return SlotTransfer(tokens: held, bytes: 0)
        }
    }

    /// - Parameter bytes: moves the slot's content, and answers how many bytes that were.
    private func move(
        _ slot: Int, _ bytes: (SlotArchive) throws(SlotArchive.Failure) -> Int
    ) throws(SlotRefusal) -> SlotTransfer {
        guard let archive else { throw .keepsNone }
        do throws(SlotArchive.Failure) {
            let count = try bytes(archive)
            return SlotTransfer(tokens: engine.position(of: slot), bytes: count)
        } catch {
            switch error {
            case .notWritten: throw .notWritten
            case .notFound: throw .notFound
            case .notReadable: throw .notReadable
            case .tooLong(let tokens): throw .tooLong(tokens: tokens, context: engine.capacity)
            }
        }
    }
}

extension LocalChatModel: SlotKeeping {
    package func saveSlot(_ slot: Int, to path: String) async throws -> SlotTransfer {
        try await perform(.save(path: path), on: slot)
    }

    package func restoreSlot(_ slot: Int, from path: String) async throws -> SlotTransfer {
        try await perform(.restore(path: path), on: slot)
    }

    package func eraseSlot(_ slot: Int) async throws -> SlotTransfer { try await perform(.erase, on: slot) }

    private func perform(_ action: SlotTask.Action, on slot: Int) async throws -> SlotTransfer {
        guard let batched else { throw SlotRefusal.keepsNone }
        return try await withCheckedThrowingContinuation { continuation in
            batched.perform(SlotTask(slot: slot, action: action) { continuation.resume(with: $0) })
        }
    }
}
