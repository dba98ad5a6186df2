package import Chat

extension PooledTextModel: SlotKeeping {
    package func saveSlot(_ slot: Int, to path: String) async throws -> SlotTransfer {
        try await keep { try await $0.saveSlot(slot, to: path) }
    }

    package func restoreSlot(_ slot: Int, from path: String) async throws -> SlotTransfer {
        try await keep { try await $0.restoreSlot(slot, from: path) }
    }

    package func eraseSlot(_ slot: Int) async throws -> SlotTransfer {
        try await keep { try await $0.eraseSlot(slot) }
    }

    private func keep(_ move: (any SlotKeeping) async throws -> SlotTransfer) async throws -> SlotTransfer {
        try await pool.withModel(index) { opened in
            guard let model = opened.text as? any SlotKeeping else { throw SlotRefusal.keepsNone }
            return try await move(model)
        }
    }
}
