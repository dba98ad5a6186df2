extension GrammarBuilder {
    /// Rewrites repetitions whose body may be empty into ones whose body is not, so that each iteration reads something
    /// and counting iterations means something: `(a?){2,5}` becomes `a{0,5}`.
    mutating func removeEmptyIterations() {
        let nullable = nullable()
        guard nodes.indices.contains(where: { isLoop(nodes[$0], nullable) }) else { return }
        var rewriter = NonEmptyRewriter(isNullable: nullable)
        for index in nodes.indices where isLoop(nodes[index], nullable) {
            let body = rewriter.nonEmpty(nodes[index].first, in: &self)
            nodes[index].first = body
            nodes[index].minimum = 0
        }
        rewriter.defineRules(in: &self)
    }

    private func isLoop(_ node: Grammar.Node, _ nullable: [Bool]) -> Bool {
        node.kind == .repetition && node.maximum > 1 && nullable[Int(node.first)]
    }
}

/// Makes expressions that match what others match, but for the empty text.
private struct NonEmptyRewriter {
    /// Of the nodes that were there before.
    let isNullable: [Bool]
    private var rewritten: [Int32: Int32] = [:]
    private var rewrittenRules: [Int32: Int32] = [:]
    private var undefined: [(rule: Int32, original: Int32)] = []

    init(isNullable: [Bool]) { self.isNullable = isNullable }

    /// Recursion is as deep as expressions nest within one rule; parsers bound that.
    mutating func nonEmpty(_ index: Int32, in builder: inout GrammarBuilder) -> Int32 {
        guard Int(index) < isNullable.count, isNullable[Int(index)] else { return index }
        if let known = rewritten[index] { return known }
        let node = builder.nodes[Int(index)]
        let parts = Array(builder.partsOfList(node))
        let result: GrammarBuilder.Expression
        switch node.kind {
        case .end, .outside, .literal: result = builder.never()
        case .automaton: result = builder.automaton(builder.automata.addNonEmpty(node.first))
        case .sequence: result = nonEmptySequence(parts, in: &builder)
        case .choice: result = builder.choice(parts.map { .init(index: nonEmpty($0, in: &builder)) })
        case .repetition:
            result = builder.repetition(
                .init(index: nonEmpty(node.first, in: &builder)), 1,
                node.maximum == Grammar.unbounded ? nil : Int(node.maximum))
        case .scope: result = builder.scope(.init(index: nonEmpty(node.first, in: &builder)))
        case .rule:
            let rule = rewrittenRules[node.first] ?? builder.addRule(builder.ruleNames[Int(node.first)])
            if rewrittenRules.updateValue(rule, forKey: node.first) == nil { undefined.append((rule, node.first)) }
            result = builder.add(.init(kind: .rule, first: rule))
        }
        rewritten[index] = result.index
        return result.index
    }

    /// The first part that is not empty is the first, or it is among the others.
    private mutating func nonEmptySequence(
        _ parts: [Int32], in builder: inout GrammarBuilder
    ) -> GrammarBuilder.Expression {
        var result = builder.never()
        var rest = builder.literal([])
        for part in parts.reversed() {
            let first = GrammarBuilder.Expression(index: nonEmpty(part, in: &builder))
            result = builder.choice([builder.sequence([first, rest]), result])
            rest = builder.sequence([.init(index: part), rest])
        }
        return result
    }

    mutating func defineRules(in builder: inout GrammarBuilder) {
        while let (rule, original) = undefined.popLast() {
            let body = builder.rules[Int(original)]
            builder.rules[Int(rule)] = nonEmpty(body, in: &builder)
        }
    }
}

extension GrammarBuilder {
    fileprivate func partsOfList(_ node: Grammar.Node) -> ArraySlice<Int32> {
        guard node.kind == .sequence || node.kind == .choice else { return [] }
        return children[Int(node.first)..<Int(node.first + node.count)]
    }
}
