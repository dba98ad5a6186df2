/// Collects the parts of a grammar. An expression is used as often as one likes; rules may be used before they are defined.
package struct GrammarBuilder {
    /// A part of the grammar that is being built.
    package struct Expression: Hashable, Sendable { var index: Int32 }

    /// More parts are refused: 64 bytes or so each.
    static let nodeLimit = 1 << 23

    var nodes = [Grammar.Node(kind: .end), Grammar.Node(kind: .outside)]
    var children: [Int32] = []
    var bytes: [UInt8] = []
    var automata = ByteAutomata()
    /// Of each rule, its node or -1 while it has none.
    var rules: [Int32] = []
    var ruleNames: [String] = []
    var lowering = UTF8Lowering()
    var jsonCharacters: [CodePointSet: Int32] = [:]
    private var rulesByName: [String: Int32] = [:]

    package init() {}

    mutating func add(_ node: Grammar.Node) -> Expression {
        nodes.append(node)
        return Expression(index: Int32(truncatingIfNeeded: nodes.count - 1))
    }

    // MARK: Expressions

    package mutating func literal(_ text: some Sequence<UInt8>) -> Expression {
        let first = bytes.count
        bytes.append(contentsOf: text)
        return add(.init(kind: .literal, first: Int32(first), count: Int32(bytes.count - first)))
    }

    package mutating func literal(_ text: String) -> Expression { literal(text.utf8) }

    /// One character of a set, in UTF-8.
    package mutating func character(_ set: CodePointSet) -> Expression {
        automaton(lowering.state(for: set, in: &automata))
    }

    mutating func automaton(_ state: Int32) -> Expression { add(.init(kind: .automaton, first: state)) }

    package mutating func sequence(_ parts: [Expression]) -> Expression {
        if parts.count == 1 { return parts[0] }
        if parts.isEmpty { return literal([]) }
        let first = children.count
        children += parts.lazy.map(\.index)
        return add(.init(kind: .sequence, first: Int32(first), count: Int32(parts.count)))
    }

    /// One of the alternatives. Strings among themselves become one tree, so that many cost no more than few.
    package mutating func choice(_ alternatives: [Expression]) -> Expression {
        if alternatives.count == 1 { return alternatives[0] }
        let literals = alternatives.filter { nodes[Int($0.index)].kind == .literal }
        var parts = alternatives
        if literals.count > 1 {
            let strings = literals.map { Array(literalBytes($0)) }
            parts.removeAll { nodes[Int($0.index)].kind == .literal }
            let tree = automaton(automata.add(strings: strings))
            if parts.isEmpty { return tree }
            parts.append(tree)
        }
        let first = children.count
        children += parts.lazy.map(\.index)
        return add(.init(kind: .choice, first: Int32(first), count: Int32(parts.count)))
    }

    private func literalBytes(_ literal: Expression) -> ArraySlice<UInt8> {
        let node = nodes[Int(literal.index)]
        return bytes[Int(node.first)..<Int(node.first + node.count)]
    }

    /// Matches no text at all.
    package mutating func never() -> Expression { add(.init(kind: .choice)) }

    /// - Parameter maximum: nil for no bound.
    package mutating func repetition(_ body: Expression, _ minimum: Int, _ maximum: Int?) -> Expression {
        let bound = maximum.map { Int32(clamping: $0) } ?? Grammar.unbounded
        return add(
            .init(kind: .repetition, first: body.index, minimum: Int32(clamping: minimum), maximum: bound))
    }

    package mutating func optional(_ body: Expression) -> Expression { repetition(body, 0, 1) }

    /// Marks a part with a life of its own, such as a string: its masks are computed once, wherever it stands.
    package mutating func scope(_ body: Expression) -> Expression { add(.init(kind: .scope, first: body.index)) }

    // MARK: Rules

    /// A use of the rule of that name.
    package mutating func rule(_ name: String) -> Expression {
        add(.init(kind: .rule, first: ruleIndex(name)))
    }

    package mutating func define(_ name: String, as body: Expression) {
        let index = ruleIndex(name)
        rules[Int(index)] = body.index
    }

    package func isDefined(_ name: String) -> Bool { rulesByName[name].map { rules[Int($0)] >= 0 } ?? false }

    mutating func addRule(_ name: String) -> Int32 {
        rules.append(-1)
        ruleNames.append(name)
        return Int32(rules.count - 1)
    }

    private mutating func ruleIndex(_ name: String) -> Int32 {
        if let known = rulesByName[name] { return known }
        let index = addRule(name)
        rulesByName[name] = index
        return index
    }
}
