import Chat

/// Follows the one answer that is made at a time by its events, for a `StatusBoard`.
///
/// Text nearly always comes a token at a time, so pieces count as tokens until the answer's own count is known.
struct SerialActivity: Sendable {
    let board: StatusBoard

    func begin(_ promptTokens: Int, client: String) {
        board.change { status in
            // What of the prompt is still held is not known before it is read.
            status.slots[0] = ModelStatus.Slot(
                state: .reading, client: client, heldTokens: 0, promptTokens: promptTokens)
        }
    }

    func note(_ event: ChatEvent) {
        board.change { status in
            switch event {
            case .reading(let done, _): status.slots[0].heldTokens = done
            case .text, .thinking, .callArguments:
                let slot = status.slots[0]
                status.slots[0].state = .generating
                status.slots[0].generatedTokens += 1
                status.slots[0].heldTokens = slot.promptTokens + slot.generatedTokens + 1
                status.generatedTokens += 1
            default: break
            }
        }
    }

    /// - Parameter summary: nil where the answer failed.
    func end(_ summary: ResponseSummary?) {
        board.change { status in
            status.slots[0].state = .idle
            guard let summary else { return }
            let counted = status.slots[0].generatedTokens
            status.generatedTokens += max(0, summary.generatedTokens - counted)
            status.readTokens += summary.promptTokens - summary.reusedTokens
            status.slots[0].generatedTokens = summary.generatedTokens
            // The last token was drawn and not evaluated.
            if summary.generatedTokens > 0 {
                status.slots[0].heldTokens = summary.promptTokens + summary.generatedTokens - 1
            }
        }
    }
}
