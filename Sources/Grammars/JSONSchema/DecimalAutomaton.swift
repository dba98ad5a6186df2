/// The numbers between two bounds that have so many digits before the point: an automaton that knows whether the digits so
/// far are those of a bound.
struct DecimalAutomaton {
    let low: DecimalRange.Bound
    /// Nil for no bound.
    let high: DecimalRange.Bound?
    /// Of digits before the point.
    let count: Int
    let isWhole: Bool

    private struct State: Hashable {
        enum Part: Hashable { case whole, point, fraction }
        var part: Part
        /// How many digits of the part there are; 0 in fractions beyond the bounds' digits.
        var position: Int
        /// Whether the digits so far are the bound's.
        var isAtLow: Bool
        var isAtHigh: Bool
    }

    /// Adds the automaton; returns its state to begin with, or nil if there are no such numbers.
    func add(to automata: inout ByteAutomata) -> Int32? {
        let start = State(
            part: .whole, position: 0, isAtLow: count == low.value.whole.count,
            isAtHigh: high.map { count == $0.value.whole.count } ?? false)
        var numbers = [start: 0]
        var states = [start]
        var edges: [[(byte: UInt8, target: Int)]] = []
        while edges.count < states.count {
            edges.append(
                successors(of: states[edges.count]).map { byte, next in
                    if let known = numbers[next] { return (byte, known) }
                    numbers[next] = states.count
                    states.append(next)
                    return (byte, states.count - 1)
                })
        }
        // States from which no number ends are left out.
        var isAlive = states.map(canEnd)
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for index in states.indices.reversed() where !isAlive[index] {
                guard edges[index].contains(where: { isAlive[$0.target] }) else { continue }
                isAlive[index] = true
                hasChanged = true
            }
        }
        guard isAlive[0] else { return nil }
        let base = Int32(automata.count)
        for index in states.indices {
            let kept = edges[index].filter { isAlive[$0.target] }.map {
                ByteAutomata.Edge(low: $0.byte, high: $0.byte, target: base + Int32($0.target))
            }
            _ = automata.add(kept, accepts: canEnd(states[index]))
        }
        return base
    }

    private func canEnd(_ state: State) -> Bool {
        switch state.part {
        case .point: return false
        case .whole where state.position < count: return false
        case .whole, .fraction:
            let position = state.part == .whole ? 0 : state.position
            if state.isAtLow {
                // What is left of the bound is more than nothing, or nothing.
                if position < low.value.fraction.count || low.isExclusive { return false }
            }
            if state.isAtHigh, let high { return position < high.value.fraction.count || !high.isExclusive }
            return true
        }
    }

    private func successors(of state: State) -> [(UInt8, State)] {
        if state.part == .whole, state.position == count {
            guard !isWhole else { return [] }
            var next = state
            (next.part, next.position) = (.point, 0)
            return [(UInt8(ascii: "."), next)]
        }
        var result: [(UInt8, State)] = []
        let lowDigit = digit(low.value, state)
        let highDigit = high.map { digit($0.value, state) } ?? 9
        let isLeading = state.part == .whole && state.position == 0 && count > 1
        for digit in UInt8(isLeading ? 1 : 0)...9 {
            if state.isAtLow, digit < lowDigit { continue }
            if state.isAtHigh, digit > highDigit { continue }
            var next = state
            if state.part == .point { next.part = .fraction }
            next.isAtLow = state.isAtLow && digit == lowDigit
            next.isAtHigh = state.isAtHigh && digit == highDigit
            let longest = max(low.value.fraction.count, high?.value.fraction.count ?? 0)
            let isFree = !next.isAtLow && !next.isAtHigh
            next.position = state.position + 1
            if next.part == .fraction { next.position = isFree ? 0 : min(next.position, longest) }
            result.append((0x30 + digit, next))
        }
        return result
    }

    /// The bound's digit that comes next in a state.
    private func digit(_ bound: Decimal, _ state: State) -> UInt8 {
        let digits = state.part == .whole ? bound.whole : bound.fraction
        return state.position < digits.count ? digits[state.position] : 0
    }
}
