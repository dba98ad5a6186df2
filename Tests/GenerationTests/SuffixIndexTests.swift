import Generation
import TestSupport
import Testing

@Suite("Suffix index")
struct SuffixIndexTests {
    /// Where the end of `text` occurred in `tokens`, by looking everywhere.
    private func everyMatch(in tokens: [Int32], endOf text: [Int32], isOwn: Bool) -> SuffixIndex.Matches? {
        var best = SuffixIndex.Matches(length: 1, places: [])
        for place in 0..<tokens.count {
            let most = min(place, text.count, SuffixIndex.longestMatch)
            var length = 0
            while length < most, tokens[place - 1 - length] == text[text.count - 1 - length] { length += 1 }
            if length > best.length { best = SuffixIndex.Matches(length: length, places: []) }
            if length == best.length { best.places.insert(place, at: 0) }
        }
        return best.length >= SuffixIndex.orders.last! ? best : nil
    }

    /// Texts in which long parts come again.
    private func text(_ random: inout SplitMix64, count: Int, vocabulary: Int) -> [Int32] {
        var tokens: [Int32] = []
        while tokens.count < count {
            if tokens.count > 8, random.below(3) == 0 {
                let start = random.below(tokens.count)
                tokens += tokens[start..<min(tokens.count, start + 1 + random.below(50))]
            } else {
                tokens.append(Int32(random.below(vocabulary)))
            }
        }
        return tokens
    }

    @Test("finds the longest match and all its places, where there are few", arguments: 0..<30)
    func longest(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let text = text(&random, count: 300, vocabulary: [3, 40, 1000][random.below(3)])
        var index = SuffixIndex()
        for (count, token) in text.enumerated() {
            index.append(token)
            let tokens = Array(text[...count])
            #expect(index.tokens == tokens)
            let found = index.matches(endOf: tokens, isOwn: true)
            let expected = everyMatch(in: tokens, endOf: tokens, isOwn: true)
            #expect((found == nil) == (expected == nil))
            guard let found, let expected else { continue }
            #expect(Set(found.places).isSubset(of: expected.places) || found.length < expected.length)
            #expect(found.places == found.places.sorted(by: >) && found.places.count <= SuffixIndex.mostPlaces + 1)
            // What is among the latest places cannot be missed.
            let ngram = tokens.suffix(SuffixIndex.orders.last!)
            let places = (ngram.count..<max(ngram.count, tokens.count)).filter { tokens[..<$0].hasSuffix(ngram) }
            if places.count <= SuffixIndex.mostPlaces { #expect(found == expected) }
        }
    }

    @Test("looks up one text in another, forgets what is behind a cut, and the older half when full", arguments: 0..<20)
    func others(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let capacity = 64
        var index = SuffixIndex(capacity: capacity)
        var kept: [Int32] = []
        for _ in 0..<300 {
            if random.below(40) == 0 {
                let count = random.below(kept.count + 1)
                index.truncate(to: count)
                kept.removeSubrange(count...)
            }
            if kept.count == capacity { kept.removeFirst(capacity / 2) }
            let token = Int32(random.below(5))
            index.append(token)
            kept.append(token)
            #expect(index.tokens == kept)
            let query = (0..<random.below(12)).map { _ in Int32(random.below(5)) }
            let (found, expected) = (index.matches(endOf: query), everyMatch(in: kept, endOf: query, isOwn: false))
            #expect(found == expected)
        }
    }

    @Test("texts of a single token end")
    func runs() {
        var index = SuffixIndex()
        index.append(contentsOf: [Int32](repeating: 7, count: 100_000))
        let found = index.matches(endOf: index.tokens, isOwn: true)
        #expect(found?.length == SuffixIndex.longestMatch && found?.places.first == 99_999)
    }
}

extension Sequence where Element == Int32 {
    fileprivate func hasSuffix(_ suffix: some Sequence<Int32>) -> Bool { reversed().starts(with: suffix.reversed()) }
}
