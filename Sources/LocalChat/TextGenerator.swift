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
        var sampler = try Sampler(options.samplingOptions(model.tokenizer))
        sampler.accept(prompt)
        let start = clock.now
        let reused = reuse(prompt)
        guard try read(prompt, from: reused, isCancelled: isCancelled, report: report) else {
            return summary(.cancelled, prompt, reused, 0, clock.now - start, .zero)
        }
        let firstToken = clock.now
        var output = TextOutlet(model.tokenizer, stops: options.stops)
        var generated = 0
        let limit = options.maxTokens ?? .max
        let endings = model.tokenizer.endOfGenerationIDs.union(ends)
        var reason = ResponseSummary.Reason.maxTokens
        while generated < limit {
            let token = try session.withLogits { logits in
                try sampler.sample(logits, alternatives: options.logProbabilities)
            }
            if endings.contains(token.id) {
                reason = .stop
                break
            }
            generated += 1
            sampler.accept(token.id)
            if options.logProbabilities != nil { try report(.token(choice(token))) }
            try output.append(token.id) { try report(.text($0)) }
            if output.hasStopped {
                reason = .stopText
                break
            }
            if generated == limit { break }
            if isCancelled() {
                reason = .cancelled
                break
            }
            if session.position == session.capacity {
                reason = .contextFull
                break
            }
            try session.evaluate([token.id])
        }
        try output.finish { try report(.text($0)) }
        return summary(reason, prompt, reused, generated, firstToken - start, clock.now - firstToken)
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

    private func choice(_ token: SampledToken) -> TokenChoice {
        func candidate(_ id: TokenID, _ logProbability: Float) -> TokenChoice.Candidate {
            TokenChoice.Candidate(id: id, bytes: model.tokenizer.bytes(of: id) ?? [], logProbability: logProbability)
        }
        return TokenChoice(
            taken: candidate(token.id, token.logProbability ?? 0),
            likeliest: token.alternatives.map { candidate($0.id, $0.logProbability) })
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

/// Tokens to text: whole characters, and nothing that may turn out to be a stop text.
private struct TextOutlet {
    private var detokenizer: StreamingDetokenizer
    private var matcher: StopStringMatcher
    private(set) var hasStopped = false

    init(_ tokenizer: Tokenizer, stops: [String]) {
        detokenizer = StreamingDetokenizer(tokenizer)
        matcher = StopStringMatcher(stops)
    }

    mutating func append(_ id: TokenID, _ emit: (String) throws -> Void) throws {
        try pass(try detokenizer.append(id), emit)
    }

    mutating func finish(_ emit: (String) throws -> Void) throws {
        guard !hasStopped else { return }
        try pass(detokenizer.finish(), emit)
        guard !hasStopped else { return }
        let rest = matcher.flush()
        if !rest.isEmpty { try emit(String(decoding: rest, as: UTF8.self)) }
    }

    private mutating func pass(_ text: String, _ emit: (String) throws -> Void) throws {
        guard !text.isEmpty else { return }
        let output = matcher.append(text.utf8)
        hasStopped = output.stop != nil
        if !output.text.isEmpty { try emit(String(decoding: output.text, as: UTF8.self)) }
    }
}
