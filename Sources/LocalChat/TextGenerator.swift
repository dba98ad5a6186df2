package import Chat
package import Generation
package import Tokenization

/// Continues a prompt of tokens as text, keeping what the cache already holds of it.
///
/// Not for use from several threads at a time: it is the one owner of its session.
package final class TextGenerator {
    package let model: LoadedModel
    package let session: Session
    /// Nil where answers go without drafts.
    package private(set) var speculation: LookupSpeculation?

    package init(_ model: LoadedModel, _ options: SessionOptions) throws(LocalChatError) {
        self.model = model
        speculation = options.lookup ? LookupSpeculation() : nil
        do { session = try Session(model.language, options) } catch { throw .session(error) }
    }

    /// Evaluates what is new of `prompt` and generates until a stop.
    ///
    /// - Parameters:
    ///   - rules: what the text has to follow, and what ends it.
    ///   - isCancelled: asked between tokens, and between batches of the prompt.
    ///   - report: told what happens; an error of its stops the generation.
    package func generate(
        _ prompt: [TokenID], _ options: ResponseOptions, rules: AnswerRules = AnswerRules(),
        isCancelled: () -> Bool = { false }, report: (ChatEvent) throws -> Void
    ) throws -> ResponseSummary {
        let clock = ContinuousClock()
        var writer = try AnswerWriter(model, prompt, options, rules)
        let start = clock.now
        let reused = reuse(prompt)
        guard try read(prompt, from: reused, isCancelled: isCancelled, report: report) else {
            return writer.summary(.cancelled, reused: reused, reading: clock.now - start, generating: .zero)
        }
        speculation?.begin(0, prompt: prompt)
        defer { speculation?.finish(0) }
        let firstToken = clock.now
        var reason: ResponseSummary.Reason
        loop: while true {
            switch try session.withLogits({ try writer.next($0, report: report) }) {
            case .end(let why):
                reason = why
                break loop
            case .token(let id):
                reason = isCancelled() ? .cancelled : .contextFull
                if reason == .cancelled || session.position == session.capacity { break loop }
                try evaluate(id)
            }
        }
        try writer.finish(report)
        return writer.summary(reason, reused: reused, reading: firstToken - start, generating: clock.now - firstToken)
    }

    /// Evaluates a token that was drawn, and with it what is expected to follow.
    private func evaluate(_ id: TokenID) throws {
        speculation?.append(id, to: 0)
        let start = ContinuousClock.now
        let ranPass = try session.evaluate(id) {
            let room = min(session.mostDrafts, session.capacity - session.position - 1)
            let candidate = LookupSpeculation.Candidate(id: 0, room: room)
            return speculation?.plan([candidate], beating: session.ownDraftRate)[0] ?? []
        }
        guard ranPass else { return }
        speculation?.record(rows: session.stepRows, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Evaluates the prompt from `start` on; false when cancelled. Long ones report how far they are.
    private func read(
        _ prompt: [TokenID], from start: Int, isCancelled: () -> Bool, report: (ChatEvent) throws -> Void
    ) throws -> Bool {
        let new = Array(prompt[start...])
        let isLong = new.count > Session.batch
        var reported = -1
        var failure: (any Error)?
        do {
            try session.evaluate(new) { done in
                if isLong, done != reported {
                    reported = done
                    do { try report(.reading(done: start + done, total: prompt.count)) } catch { failure = error }
                }
                return failure == nil && !isCancelled()
            }
        } catch SessionError.cancelled {
            if let failure { throw failure }
            return false
        }
        return true
    }

    /// Cuts the cache back to what it shares with the prompt; at least one token is left to evaluate.
    private func reuse(_ prompt: [TokenID]) -> Int {
        let shared = zip(session.tokens, prompt).prefix { $0 == $1 }.count
        let kept = max(0, min(shared, prompt.count - 1))
        session.truncate(to: kept)
        return kept
    }
}
