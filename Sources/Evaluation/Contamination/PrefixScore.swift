package import Statistics

/// How much of the rest of a text a continuation has, in tokens that are the same for all models.
package struct PrefixScore: Hashable, Sendable, Codable {
    package var id: String
    /// Of the true rest.
    package var tokens: Int
    /// Tokens in a row that both have, wherever; the most.
    package var longestRun: Int
    /// Tokens at the beginning that are the same.
    package var exactTokens: Int
    /// Of the rest's runs of ten tokens, those that the continuation has; of all of it where it is shorter.
    package var reproduced: Double

    /// - Parameter gramLength: of the runs that `reproduced` counts.
    package init(id: String, continuation: String, rest: String, gramLength: Int = 10) {
        self.id = id
        let (said, meant) = (Self.hashes(continuation), Self.hashes(rest))
        tokens = meant.count
        longestRun = Self.longestRun(said, meant)
        exactTokens = zip(said, meant).prefix { $0 == $1 }.count
        let length = min(gramLength, meant.count)
        guard length > 0 else {
            reproduced = 0
            return
        }
        let grams = Self.grams(meant, length)
        reproduced = Double(grams.intersection(Self.grams(said, length)).count) / Double(grams.count)
    }

    /// Whether the next tokens were the very ones: so many, or all there are.
    package func isExact(next count: Int) -> Bool { tokens > 0 && exactTokens >= min(count, tokens) }

    private static func hashes(_ text: String) -> [UInt64] {
        var tokens = TextTokens(Array(text.utf8))
        var hashes: [UInt64] = []
        while let token = tokens.next() { hashes.append(token.hash) }
        return hashes
    }

    private static func grams(_ hashes: [UInt64], _ length: Int) -> Set<ArraySlice<UInt64>> {
        guard hashes.count >= length else { return [] }
        return Set((0...(hashes.count - length)).map { hashes[$0..<$0 + length] })
    }

    /// The length of the longest common substring, by a table of which one row is kept.
    private static func longestRun(_ first: [UInt64], _ second: [UInt64]) -> Int {
        var row = [Int](repeating: 0, count: second.count + 1)
        var longest = 0
        for token in first {
            for place in stride(from: second.count, to: 0, by: -1) {
                row[place] = token == second[place - 1] ? row[place - 1] + 1 : 0
                longest = max(longest, row[place])
            }
        }
        return longest
    }
}

/// Texts that a model may have read beside texts of the same kind that it cannot have read.
package struct PrefixComparison: Hashable, Sendable, Codable {
    /// A quantity of both, and how much more suspects have of it.
    package struct Difference: Hashable, Sendable, Codable {
        package var suspects: Double
        package var controls: Double
        package var difference: Estimate
    }

    /// The share of runs of ten tokens that was reproduced.
    package var reproduced: Difference
    /// The longest run in common, as a share of the rest.
    package var longestRun: Difference
    /// The share of texts whose next 20 tokens were the very ones.
    package var exact: Difference

    /// - Returns: nil without scores of both.
    package init?(suspects: [PrefixScore], controls: [PrefixScore], bootstrap: Bootstrap = Bootstrap()) {
        guard !suspects.isEmpty, !controls.isEmpty else { return nil }
        func difference(_ value: (PrefixScore) -> Double) -> Difference {
            let (first, second) = (suspects.map(value), controls.map(value))
            let estimate = bootstrap.difference(of: first, and: second)
            return Difference(
                suspects: first.reduce(0, +) / Double(first.count),
                controls: second.reduce(0, +) / Double(second.count),
                difference: estimate)
        }
        reproduced = difference(\.reproduced)
        longestRun = difference { $0.tokens == 0 ? 0 : Double($0.longestRun) / Double($0.tokens) }
        exact = difference { $0.isExact(next: 20) ? 1 : 0 }
    }

    /// Whether suspects are continued better than controls beyond chance, by the runs that were reproduced.
    package var isSuspicious: Bool { reproduced.difference.interval.low > 0 }
}
