#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

extension DRYOptions {
    /// Lowers the logits of tokens that would continue a repetition. Linear in the window.
    func apply(to logits: UnsafeMutableBufferPointer<Float>, history: [Int32]) {
        for (token, length) in continuations(of: history) where logits.indices.contains(Int(token)) {
            logits[Int(token)] -= penalty(length)
        }
    }

    /// Tokens that followed an earlier occurrence of the text's end, with the length of the longest such occurrence.
    func continuations(of history: [Int32]) -> [Int32: Int] {
        let reversed = Array((window < 0 ? history[...] : history.suffix(window)).reversed())
        let reach = tokensSinceBreaker(reversed)
        guard reach >= max(1, allowedLength) else { return [:] }
        var longest: [Int32: Int] = [:]
        let matches = prefixMatches(reversed)
        for i in reversed.indices.dropFirst() {
            let length = min(matches[i], reach)
            // Reversed, what followed an occurrence stands right before it.
            if length >= max(1, allowedLength) { longest[reversed[i - 1]] = max(longest[reversed[i - 1]] ?? 0, length) }
        }
        return longest
    }

    private func penalty(_ length: Int) -> Float {
        // Long repetitions would overflow; past this exponent the token is out anyway.
        let limit = base > 1.000_001 ? logf(Float.greatestFiniteMagnitude / 1e6) / logf(base) : .infinity
        return multiplier * powf(base, min(Float(length - allowedLength), limit))
    }

    /// How many of the last tokens lie behind the last breaker.
    private func tokensSinceBreaker(_ reversed: [Int32]) -> Int {
        let patterns = breakers.filter { !$0.isEmpty }.map { Array($0.reversed()) }
        for start in reversed.indices {
            for pattern in patterns where reversed[start...].starts(with: pattern) { return start }
        }
        return reversed.count
    }

    /// For each position, how far the sequence from there agrees with the sequence from the start (Z algorithm).
    private func prefixMatches(_ text: [Int32]) -> [Int] {
        var z = [Int](repeating: 0, count: text.count)
        var (left, right) = (0, 0)
        for i in text.indices.dropFirst() {
            if i < right { z[i] = min(right - i, z[i - left]) }
            while i + z[i] < text.count, text[z[i]] == text[i + z[i]] { z[i] += 1 }
            if i + z[i] > right { (left, right) = (i, i + z[i]) }
        }
        return z
    }
}
