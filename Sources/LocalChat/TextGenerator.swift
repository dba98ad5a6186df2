package import Chat
package import Generation
package import Tokenization

/// Continues a prompt of tokens as text, keeping what the cache already holds of it.
///
/// Not for use from several threads at a time: it is the one owner of its session.
package final class TextGenerator {
    package let model: LoadedModel
    package let session: Session

    package init(_ model: LoadedModel, _ options: SessionOptions) throws(LocalChatError) {
        self.model = model
        do { session = try Session(model.language, options) } catch { throw .session(error) }
    }

    /// Evaluates what is new of `prompt` and generates until a stop.
    ///
    /// - Parameters:
    ///   - ends: token ids that end the text besides the model's own.
    ///   - isCancelled: asked between tokens, and between batches of the prompt.
    ///   - report: told what happens; an error of its stops the generation.
    package func generate(
        _ prompt: [TokenID], _ options: ResponseOptions, ends: Set<TokenID> = [], isCancelled: () -> Bool = { false },
        report: (ChatEvent) throws -> Void
    ) throws -> ResponseSummary {
        let clock = ContinuousClock()
        let start = clock.now
        let reused = reuse(prompt)
        let new = Array(prompt[reused...])
        if new.count > Session.batch { try report(.reading(done: reused, total: prompt.count)) }
        var failure: (any Error)?
        do {
            try session.evaluate(new) { done in
                do { try report(.reading(done: reused + done, total: prompt.count)) } catch { failure = error }
                return failure == nil && !isCancelled()
            }
        } catch SessionError.cancelled {
            if let failure { throw failure }
            return summary(.cancelled, prompt, reused, 0, clock.now - start, .zero)
        }
        let firstToken = clock.now
        var output = StreamingDetokenizer(model.tokenizer)
        var generated = 0
        let limit = options.maxTokens ?? .max
        let endings = model.tokenizer.endOfGenerationIDs.union(ends)
        var reason = ResponseSummary.Reason.maxTokens
        while generated < limit {
            let id = session.withLogits { logits in TokenID(logits.indices.max { logits[$0] < logits[$1] } ?? 0) }
            if endings.contains(id) {
                reason = .stop
                break
            }
            generated += 1
            let text = try output.append(id)
            if !text.isEmpty { try report(.text(text)) }
            if generated == limit { break }
            if isCancelled() {
                reason = .cancelled
                break
            }
            if session.position == session.capacity {
                reason = .contextFull
                break
            }
            try session.evaluate([id])
        }
        let rest = output.finish()
        if !rest.isEmpty { try report(.text(rest)) }
        return summary(reason, prompt, reused, generated, firstToken - start, clock.now - firstToken)
    }

    /// Cuts the cache back to what it shares with the prompt; at least one token is left to evaluate.
    private func reuse(_ prompt: [TokenID]) -> Int {
        let shared = zip(session.tokens, prompt).prefix { $0 == $1 }.count
        let kept = max(0, min(shared, prompt.count - 1))
        session.truncate(to: kept)
        return kept
    }

    private func summary(
        _ reason: ResponseSummary.Reason, _ prompt: [TokenID], _ reused: Int, _ generated: Int, _ reading: Duration,
        _ generating: Duration
    ) -> ResponseSummary {
        ResponseSummary(
            reason: reason, promptTokens: prompt.count, reusedTokens: reused, generatedTokens: generated,
            promptSeconds: reading / .seconds(1), generationSeconds: generating / .seconds(1))
    }
}
