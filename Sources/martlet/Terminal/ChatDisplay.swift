import Chat

/// Shows an answer as it is made: its text on standard output, everything about it on standard error.
struct ChatDisplay {
    /// What came of an answer; no summary when it was interrupted.
    struct Reply {
        var text = ""
        var thinking = ""
        var summary: ResponseSummary?

        /// The next turn of the conversation.
        var message: Message {
            var message = Message(.assistant, text)
            message.thinking = thinking.isEmpty ? nil : thinking
            return message
        }
    }

    private var output: TextOutput { .results }
    private var notes: TextOutput { .notes }

    /// Shows all there is; when the task is cancelled, what there was until then.
    func show(_ events: AsyncThrowingStream<ChatEvent, any Error>) async throws -> Reply {
        var reply = Reply()
        var showsProgress = false
        for try await event in events {
            switch event {
            case .reading(let done, let total):
                // The news that a short prompt is being read would flicker.
                guard notes.isTerminal, done > 0 || total > 512 else { break }
                try notes.write("\rreading \(grouped(done)) of \(grouped(total)) tokens ")
                showsProgress = true
            case .thinking(let piece):
                if showsProgress { try notes.write("\r\u{1B}[K") }
                showsProgress = false
                reply.thinking += piece
                if notes.isTerminal { try notes.write(dimmed(piece)) }
            case .text(let piece):
                if showsProgress { try notes.write("\r\u{1B}[K") }
                showsProgress = false
                if reply.text.isEmpty, !reply.thinking.isEmpty, notes.isTerminal { try notes.write("\n\n") }
                reply.text += piece
                try output.write(answer: piece)
            case .token, .callBegan, .callArguments, .callEnded: break
            case .finished(let summary):
                reply.summary = summary
            }
        }
        if showsProgress { try notes.write("\r\u{1B}[K") }
        if !reply.text.hasSuffix("\n") { try output.print() }
        return reply
    }

    /// One line of numbers, for people only.
    func show(_ summary: ResponseSummary) throws {
        guard notes.isTerminal else { return }
        var parts = [
            "\(grouped(summary.generatedTokens)) tokens, \(format(summary.generationTokensPerSecond, places: 1))/s",
            "read \(grouped(summary.promptTokens - summary.reusedTokens)) in \(format(summary.promptSeconds, places: 2)) s",
        ]
        if summary.reusedTokens > 0 { parts.append("kept \(grouped(summary.reusedTokens))") }
        switch summary.reason {
        case .stop, .stopText: break
        case .maxTokens: parts.append("stopped at --max-tokens")
        case .timeLimit: parts.append("stopped: its time was over")
        case .contextFull: parts.append("stopped: the context is full")
        case .cancelled: parts.append("stopped")
        }
        try note(parts.joined(separator: " · "))
    }

    /// A line that is not part of the conversation.
    func note(_ text: String) throws {
        try notes.print(dimmed(text))
    }

    private func dimmed(_ text: String) -> String {
        notes.allowsColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }
}
