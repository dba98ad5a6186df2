/// Some tokens in a row, as a number.
struct Gram {
    var hash: UInt64
    /// Of its first token, counted from 0.
    var position: Int
    /// That its first token is on, counted from 1.
    var line: Int

    /// What the hash of a window is multiplied by for each token behind another: any odd number that is not small.
    static let base: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// `base` to the power of a number of tokens.
    static func power(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power &* base } }
}

/// Runs of tokens as they stand.
enum VerbatimGrams {
    /// - Parameter body: called with each run of `length` tokens, in their order.
    @inline(__always)
    static func visit(_ bytes: [UInt8], length: Int, _ body: (Gram) -> Void) {
        precondition(length > 0)
        let oldest = Gram.power(length)
        var window = [(hash: UInt64, line: Int)](repeating: (0, 0), count: length)
        var tokens = TextTokens(bytes)
        var rolling: UInt64 = 0
        var count = 0
        var slot = 0
        while let token = tokens.next() {
            rolling = rolling &* Gram.base &+ token.hash &- window[slot].hash &* oldest
            window[slot] = (token.hash, token.line)
            count += 1
            slot = slot + 1 == length ? 0 : slot + 1
            guard count >= length else { continue }
            body(Gram(hash: Mixing.finished(rolling), position: count - length, line: window[slot].line))
        }
    }
}
