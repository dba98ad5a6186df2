package import Statistics

/// In JSON an interval is its two ends, as `eval run --json` has them: `[0.63,0.77]`. Members that are intervals are
/// written and read by these two, which are nearer than those of the standard library.
extension KeyedEncodingContainer {
    package mutating func encode(_ interval: Interval, forKey key: Key) throws {
        try encode([interval.low, interval.high], forKey: key)
    }
}

extension KeyedDecodingContainer {
    package func decode(_ type: Interval.Type, forKey key: Key) throws -> Interval {
        let ends = try decode([Double].self, forKey: key)
        guard ends.count == 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "an interval has two ends, and here are \(ends.count)")
        }
        return Interval(low: ends[0], high: ends[1])
    }
}
