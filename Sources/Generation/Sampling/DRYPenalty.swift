/// Lowers the logits of tokens that would continue a repetition; keeps its buffers from token to token.
struct DRYPenalty: Sendable {
    private let options: DRYOptions
    /// Breakers by their last token, each reversed.
    private let breakers: [Int32: [[Int32]]]
    private var reversed: [Int32] = []
    private var matches: [Int] = []
    private var longest: [Int32: Int] = [:]

    init(_ options: DRYOptions) {
        self.options = options
        breakers = Dictionary(
            grouping: options.breakers.lazy.filter { !$0.isEmpty }.map { Array($0.reversed()) }, by: { $0[0] })
    }

    var isActive: Bool { options.multiplier > 0 && options.window != 0 }

    /// - Parameter history: oldest first.
    mutating func apply(to logits: UnsafeMutableBufferPointer<Float>, history: [Int32]) {
        findContinuations(of: history)
        for (token, length) in longest where logits.indices.contains(Int(token)) {
            // A breaker can't continue a repetition: it ends one.
            if breakers[token]?.contains(where: { $0.count == 1 }) == true { continue }
            let penalty = Double(options.multiplier) * power(Double(options.base), length - options.allowedLength)
            // Even the largest penalty leaves a number: a token that is all there is can still be drawn.
            logits[Int(token)] -= Float(min(penalty, 1e30))
        }
    }

    /// Finds the tokens that followed an earlier occurrence of the text's end, and the longest such occurrence of each.
    private mutating func findContinuations(of history: [Int32]) {
        longest.removeAll(keepingCapacity: true)
        reversed.removeAll(keepingCapacity: true)
        let count = options.window < 0 ? history.count : min(history.count, options.window)
        guard count > options.allowedLength else { return }
        for index in 0..<count { reversed.append(history[history.count - 1 - index]) }
        let reach = tokensSinceBreaker()
        let shortest = max(1, options.allowedLength)
        guard reach >= shortest else { return }
        matchPrefixes()
        for index in 1..<count {
            let length = min(matches[index], reach)
            guard length >= shortest else { continue }
            // Reversed, what followed an occurrence stands right before it.
            let token = reversed[index - 1]
            longest[token] = max(longest[token] ?? 0, length)
        }
    }

    /// How many of the last tokens lie behind the last breaker.
    private func tokensSinceBreaker() -> Int {
        guard !breakers.isEmpty else { return reversed.count }
        for start in reversed.indices {
            guard let patterns = breakers[reversed[start]] else { continue }
            for pattern in patterns where pattern.count <= reversed.count - start {
                if pattern.indices.allSatisfy({ pattern[$0] == reversed[start + $0] }) { return start }
            }
        }
        return reversed.count
    }

    /// For each position, how far the sequence from there agrees with the sequence from the start: the Z-algorithm.
    private mutating func matchPrefixes() {
        let count = reversed.count
        matches.removeAll(keepingCapacity: true)
        matches.append(contentsOf: repeatElement(0, count: count))
        var (left, right) = (0, 0)
        for index in 1..<count {
            var length = index < right ? min(right - index, matches[index - left]) : 0
            while index + length < count, reversed[length] == reversed[index + length] { length += 1 }
            matches[index] = length
            if index + length > right { (left, right) = (index, index + length) }
        }
    }
}
