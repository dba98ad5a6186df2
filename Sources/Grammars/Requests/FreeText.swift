extension GrammarBuilder {
    /// Free text with parts that follow a grammar, each after one of some strings.
    /// - Parameter limit: the most parts; after the last, those strings can't come any more.
    mutating func text(withPartsAfter triggers: [[UInt8]], _ body: Expression, atMost limit: Int?) -> Expression {
        let search = TriggerSearch(triggers.filter { !$0.isEmpty })
        let upToTrigger = scope(automaton(search.addUpToTrigger(to: &automata)))
        let withoutTrigger = automaton(search.addWithoutTrigger(to: &automata))
        let part = sequence([upToTrigger, body])
        return sequence([repetition(part, 0, limit), withoutTrigger])
    }

    /// Any text that ends with the first `mark` in it.
    mutating func text(upTo mark: String) -> Expression {
        scope(automaton(TriggerSearch([Array(mark.utf8)]).addUpToTrigger(to: &automata)))
    }

    /// Any text in which `mark` does not occur.
    mutating func text(without mark: String) -> Expression {
        automaton(TriggerSearch([Array(mark.utf8)]).addWithoutTrigger(to: &automata))
    }
}

/// Finds the first of some strings in a text.
/// - SeeAlso: Aho and Corasick 1975.
private struct TriggerSearch {
    /// Of each state the one after each byte.
    private var transitions: [[Int]] = [[Int](repeating: -1, count: 256)]
    private var isFound = [false]

    init(_ triggers: [[UInt8]]) {
        for trigger in triggers {
            var state = 0
            for byte in trigger {
                if transitions[state][Int(byte)] < 0 {
                    transitions.append([Int](repeating: -1, count: 256))
                    isFound.append(false)
                    transitions[state][Int(byte)] = transitions.count - 1
                }
                state = transitions[state][Int(byte)]
            }
            isFound[state] = true
        }
        addFallbacks()
    }

    /// Where no string goes on, the search does so with the longest end of the text that begins one.
    private mutating func addFallbacks() {
        var fallbacks = [Int](repeating: 0, count: transitions.count)
        var queue: [Int] = []
        for byte in 0..<256 {
            let next = transitions[0][byte]
            transitions[0][byte] = max(next, 0)
            if next > 0 { queue.append(next) }
        }
        var index = 0
        while index < queue.count {
            let state = queue[index]
            index += 1
            if isFound[fallbacks[state]] { isFound[state] = true }
            for byte in 0..<256 {
                let next = transitions[state][byte]
                let other = transitions[fallbacks[state]][byte]
                if next < 0 {
                    transitions[state][byte] = other
                } else {
                    fallbacks[next] = other
                    queue.append(next)
                }
            }
        }
    }

    /// Texts that end with a trigger and have none before.
    func addUpToTrigger(to automata: inout ByteAutomata) -> Int32 {
        let base = Int32(automata.count)
        for state in transitions.indices {
            _ = automata.add(isFound[state] ? [] : edges(state, base) { _ in true }, accepts: isFound[state])
        }
        return base
    }

    /// Texts without any.
    func addWithoutTrigger(to automata: inout ByteAutomata) -> Int32 {
        let base = Int32(automata.count)
        for state in transitions.indices {
            _ = automata.add(isFound[state] ? [] : edges(state, base) { !isFound[$0] }, accepts: !isFound[state])
        }
        return base
    }

    private func edges(_ state: Int, _ base: Int32, where isKept: (Int) -> Bool) -> [ByteAutomata.Edge] {
        (0..<256).filter { isKept(transitions[state][$0]) }.map {
            ByteAutomata.Edge(low: UInt8($0), high: UInt8($0), target: base + Int32(transitions[state][$0]))
        }
    }
}
