/// Tokens that may come next, and how well founded each is.
package struct LookupDraft: Hashable, Sendable {
    package var ids: [Int32] = []
    /// One for each token.
    package var evidence: [DraftEvidence] = []

    package init() {}
}

/// What speaks for a drafted token.
package struct DraftEvidence: Hashable, Sendable {
    /// Tokens before it that are the same where it was found.
    package var matched: Int
    /// How often it followed them there, and how often another token did.
    package var votes: Int
    package var others: Int

    package init(matched: Int, votes: Int, others: Int) {
        (self.matched, self.votes, self.others) = (matched, votes, others)
    }

    /// Evidence of one class is right about as often.
    var kind: Int {
        let support = others > 0 ? (2 * votes > votes + others ? 1 : 0) : votes == 1 ? 2 : 3
        return 4 * Self.length(matched) + support
    }

    static let kinds = 4 * 8

    private static func length(_ matched: Int) -> Int {
        switch matched {
        case ...2: 0
        case 3: 1
        case 4...5: 2
        case 6...8: 3
        case 9...13: 4
        case 14...20: 5
        case 21...31: 6
        default: 7
        }
    }

    /// The chance that is expected before anything is known of a model and its texts.
    static func expectation(of kind: Int) -> Double {
        let byLength = [0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.9, 0.95][kind / 4]
        return byLength * [0.5, 0.9, 1, 1][kind % 4]
    }
}

/// Drafts the continuation of one text from where its end occurred before: in the text itself, prompt included, or in
/// others.
///
/// Of the places with the longest match, the continuation that most of them share is taken, token by token.
/// - SeeAlso: Oliaro et al. 2024, arXiv:2411.04975 (suffix decoding).
struct LookupDrafter: Sendable {
    /// The prompt, and what was generated.
    private var history = SuffixIndex()
    let promptCount: Int

    init(prompt: [Int32]) {
        history.append(contentsOf: prompt)
        promptCount = prompt.count
    }

    var generated: ArraySlice<Int32> { history.tokens[promptCount...] }

    mutating func append(_ token: Int32) { history.append(token) }

    /// - Parameters:
    ///   - count: tokens at most.
    ///   - corpus: other texts, apart by negative numbers.
    func draft(_ count: Int, corpus: SuffixIndex) -> LookupDraft {
        let text = history.tokens
        let own = history.matches(endOf: text, isOwn: true)
        let foreign = own?.length == SuffixIndex.longestMatch ? nil : corpus.matches(endOf: text)
        if let foreign, foreign.length > own?.length ?? 0 { return follow(foreign, in: corpus.tokens, count) }
        return own.map { follow($0, in: text, count) } ?? LookupDraft()
    }

    private func follow(_ matches: SuffixIndex.Matches, in text: [Int32], _ count: Int) -> LookupDraft {
        var draft = LookupDraft()
        var places = matches.places
        while draft.ids.count < count {
            let step = draft.ids.count
            /// A match that reaches the end of the text goes on in what is drafted.
            func token(_ place: Int) -> Int32 {
                let index = place + step
                return index < text.count ? text[index] : draft.ids[index - text.count]
            }
            // The latest first, so that it wins where two are as frequent.
            var tally: [(token: Int32, votes: Int)] = []
            for place in places {
                let token = token(place)
                if let index = tally.firstIndex(where: { $0.token == token }) {
                    tally[index].votes += 1
                } else {
                    tally.append((token, 1))
                }
            }
            var best = tally[0]
            for other in tally where other.votes > best.votes { best = other }
            guard best.token >= 0 else { break }
            draft.evidence.append(
                DraftEvidence(
                    matched: min(SuffixIndex.longestMatch, matches.length + step), votes: best.votes,
                    others: places.count - best.votes))
            if places.count > best.votes { places = places.filter { token($0) == best.token } }
            draft.ids.append(best.token)
        }
        return draft
    }
}
