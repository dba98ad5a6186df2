/// What one generated text may still become. Sample freely, ask `allows`, and only if it says no compute the mask and
/// sample again: the tokens drawn are distributed as if the mask had been applied at once.
package struct Constraint: Sendable {
    /// Tokens that can be taken back.
    package static let rollbackLimit = 1_024
    private static let maskLimit = 16

    private let source: TokenGrammar
    private var matcher: GrammarMatcher
    /// Before each token and after the last; -1 after an end token.
    private var states: [GrammarMatcher.State]
    private var masks: [GrammarMatcher.State: TokenMask] = [:]

    init(_ source: TokenGrammar, _ matcher: GrammarMatcher) {
        self.source = source
        self.matcher = matcher
        states = [self.matcher.start()]
    }

    private var state: GrammarMatcher.State { states[states.count - 1] }

    /// How many tokens there are: the size of masks.
    package var vocabularyCount: Int { source.vocabulary.count }

    /// How many tokens `rollback` can take back.
    package var rollbackCount: Int { states.count - 1 }

    /// An end token was accepted.
    package var hasEnded: Bool { state < 0 }

    /// The text satisfies the grammar as it is.
    package var canEnd: Bool { hasEnded || matcher.canEnd(state) }

    /// The text satisfies the grammar and nothing can be added.
    package var isComplete: Bool { hasEnded || matcher.isComplete(state) }

    /// Whether `token` can come next.
    package mutating func allows(_ token: Int32) -> Bool { next(token) != nil }

    /// Appends a token to the text.
    package mutating func accept(_ token: Int32) throws(ConstraintError) {
        guard let next = next(token) else { throw .refused(token: token, limit: matcher.reachedLimit) }
        states.append(next)
        if states.count > 2 * Self.rollbackLimit { states.removeFirst(states.count - Self.rollbackLimit - 1) }
        if matcher.isFull { compact() }
    }

    /// Takes back the last tokens, as when drafts are rejected.
    package mutating func rollback(_ count: Int) throws(ConstraintError) {
        guard count >= 0, count < states.count else { throw .rollbackTooFar(count: count, limit: states.count - 1) }
        states.removeLast(count)
    }

    /// Replaces `mask` by the tokens that can come next; none once the text has ended.
    /// - Parameter mask: of the vocabulary's size.
    package mutating func mask(into mask: inout TokenMask) throws(ConstraintError) {
        precondition(mask.count == source.vocabulary.count)
        mask.removeAll()
        guard !hasEnded else { return }
        if let known = masks[state] {
            mask = known
            return
        }
        matcher.addAllowed(state, source.vocabulary, source.cache, to: &mask)
        if canEnd { for token in source.vocabulary.endTokens { mask.insert(token) } }
        guard !mask.isEmpty else { throw .deadEnd(limit: matcher.reachedLimit) }
        if masks.count >= Self.maskLimit { masks.removeAll() }
        masks[state] = mask
    }

    /// The bytes that come next whatever the model says: those up to the first choice, `limit` at most.
    package mutating func forcedBytes(limit: Int = 256) -> [UInt8] {
        guard !hasEnded else { return [] }
        var forced: [UInt8] = []
        var current = state
        while forced.count < limit, !matcher.canEnd(current), let (byte, next) = matcher.onlyStep(current) {
            forced.append(byte)
            current = next
        }
        return forced
    }

    /// The state after a token, -1 for an end token; nil if it can't come.
    private mutating func next(_ token: Int32) -> GrammarMatcher.State? {
        guard !hasEnded else { return nil }
        if source.vocabulary.endTokens.contains(token) { return canEnd ? -1 : nil }
        let bytes = source.vocabulary.bytes(of: token)
        guard !bytes.isEmpty else { return nil }
        var next = state
        for byte in bytes {
            next = matcher.step(next, byte)
            if next == ContinuationTable.dead { return nil }
        }
        return next
    }

    private mutating func compact() {
        states.removeFirst(max(0, states.count - Self.rollbackLimit - 1))
        masks.removeAll()
        let kept = matcher.compact(keeping: states.filter { $0 >= 0 })
        states.replaceSubrange(..<kept.count, with: kept)
    }
}

extension GrammarMatcher {
    /// The byte that must come, and the state after it; nil if there is a choice.
    mutating func onlyStep(_ state: State) -> (byte: UInt8, next: State)? {
        var only: (UInt8, State)?
        for byte in UInt8.min...UInt8.max {
            let next = step(state, byte)
            guard next != ContinuationTable.dead else { continue }
            if only != nil { return nil }
            only = (byte, next)
        }
        return only
    }
}

/// Why a text can't go on as asked.
package enum ConstraintError: Error, Hashable, Sendable {
    /// - Parameter limit: one that was reached on the way, if any.
    case refused(token: Int32, limit: MatchingLimit?)
    case rollbackTooFar(count: Int, limit: Int)
    /// The grammar wants more, and no token of the vocabulary gives it.
    case deadEnd(limit: MatchingLimit?)
}

/// What bounds the work and the memory of matching; what goes beyond is refused.
package enum MatchingLimit: Hashable, Sendable {
    case stackDepth(Int)
    case alternatives(Int)
}

extension ConstraintError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .refused(let token, nil): "the grammar does not allow token \(token) here"
        case .refused(let token, let limit?): "the grammar does not allow token \(token) here, or \(limit)"
        case .rollbackTooFar(let count, let limit): "\(count) tokens can't be taken back, \(limit) can"
        case .deadEnd(nil): "no token of the vocabulary can follow, and the grammar does not let the text end"
        case .deadEnd(let limit?): "no token can follow: \(limit)"
        }
    }
}

extension MatchingLimit: CustomStringConvertible {
    package var description: String {
        switch self {
        case .stackDepth(let limit): "the text nests more than \(limit) levels of the grammar"
        case .alternatives(let limit): "the text can be read in more than \(limit) ways at one place"
        }
    }
}
