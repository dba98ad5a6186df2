/// Makes byte automata of sets of code points.
struct UTF8Lowering: Sendable {
    private struct Tail: Hashable {
        var ranges: [ClosedRange<UInt32>]
        var level: UInt32
    }

    private var tails: [Tail: Int32] = [:]
    private var classes: [CodePointSet: Int32] = [:]

    /// The set in UTF-8, surrogates left out.
    mutating func state(for set: CodePointSet, in automata: inout ByteAutomata) -> Int32 {
        if let known = classes[set] { return known }
        let edges = edges(for: set, in: &automata)
        let state = automata.add(edges)
        classes[set] = state
        return state
    }

    /// The edges of the state that reads a character of the set.
    mutating func edges(for set: CodePointSet, in automata: inout ByteAutomata) -> [ByteAutomata.Edge] {
        var result = part(set, 0...0x7F).map {
            ByteAutomata.Edge(low: UInt8($0.lowerBound), high: UInt8($0.upperBound), target: ByteAutomata.end)
        }
        let encodable = set.subtracting(CodePointSet([0xD800...0xDFFF]))
        result += edges(part(encodable, 0x80...0x7FF), lead: 0xC0, level: 1, in: &automata)
        result += edges(part(encodable, 0x800...0xFFFF), lead: 0xE0, level: 2, in: &automata)
        result += edges(part(encodable, 0x10000...0x10FFFF), lead: 0xF0, level: 3, in: &automata)
        return result
    }

    private func part(_ set: CodePointSet, _ bounds: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
        set.ranges.filter { $0.overlaps(bounds) }.map { $0.clamped(to: bounds) }
    }

    /// - Parameter level: how many continuation bytes follow.
    private mutating func edges(
        _ ranges: [ClosedRange<UInt32>], lead: UInt32, level: UInt32, in automata: inout ByteAutomata
    ) -> [ByteAutomata.Edge] {
        let unit: UInt32 = 1 << (6 * level)
        var groups: [(digit: UInt32, ranges: [ClosedRange<UInt32>])] = []
        for range in ranges {
            for digit in range.lowerBound / unit...range.upperBound / unit {
                let start = digit * unit
                let inner = range.clamped(to: start...start + unit - 1)
                let local = inner.lowerBound - start...inner.upperBound - start
                if groups.last?.digit == digit {
                    groups[groups.count - 1].ranges.append(local)
                } else {
                    groups.append((digit, [local]))
                }
            }
        }
        return groups.map { group in
            let byte = UInt8(lead + group.digit)
            return ByteAutomata.Edge(low: byte, high: byte, target: tail(group.ranges, level, in: &automata))
        }
    }

    private mutating func tail(
        _ ranges: [ClosedRange<UInt32>], _ level: UInt32, in automata: inout ByteAutomata
    ) -> Int32 {
        if level == 0 { return ByteAutomata.end }
        let key = Tail(ranges: ranges, level: level)
        if let known = tails[key] { return known }
        let state = automata.add(edges(ranges, lead: 0x80, level: level - 1, in: &automata))
        tails[key] = state
        return state
    }
}
