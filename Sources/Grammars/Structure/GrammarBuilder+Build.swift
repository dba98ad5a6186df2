extension GrammarBuilder {
    /// Checks the whole and finishes it.
    package consuming func build(root: Expression) throws(GrammarError) -> Grammar {
        try checkSize()
        for (index, body) in rules.enumerated() where body < 0 { throw .undefinedRule(ruleNames[index]) }
        // The root's own masks can be kept across requests, too.
        let start = scope(root)
        removeEmptyIterations()
        try checkSize()
        let productive = fixedPoint(
            literals: { _ in true }, automata: { automata.accepts($0) || automata.hasEdges($0) })
        guard productive[Int(start.index)] else { throw .matchesNothing }
        if let rule = leftRecursiveRule(nullable(), productive) { throw .leftRecursion(rule: rule) }
        return Grammar(
            nodes: nodes, children: children, bytes: bytes, rules: rules, automata: automata, isProductive: productive,
            root: start.index)
    }

    func checkSize() throws(GrammarError) {
        guard max(nodes.count, children.count, bytes.count / 8, automata.count) <= Self.nodeLimit else {
            throw .tooLarge(limit: Self.nodeLimit)
        }
    }

    /// Of each node, whether it matches the empty text.
    func nullable() -> [Bool] {
        fixedPoint(literals: { $0 == 0 }, automata: { automata.accepts($0) })
    }

    /// The least set of nodes that holds a sequence if it holds all parts, a choice if one, a repetition if its body or
    /// if it may be left out; the rest is given.
    private func fixedPoint(literals: (Int32) -> Bool, automata: (Int32) -> Bool) -> [Bool] {
        var holds = [Bool](repeating: false, count: nodes.count)
        var missing = [Int32](repeating: 1, count: nodes.count)
        var users = Users(count: nodes.count)
        for (index, node) in nodes.enumerated() { forEachPart(node) { users.count($0, index) } }
        users.finishCounting()
        var reached: [Int32] = []
        for (index, node) in nodes.enumerated() {
            forEachPart(node) { users.add($0, index) }
            if node.kind == .sequence { missing[index] = node.count }
            let isGiven =
                switch node.kind {
                case .literal: literals(node.count)
                case .automaton: automata(node.first)
                case .repetition: node.minimum == 0
                default: false
                }
            if isGiven {
                holds[index] = true
                reached.append(Int32(index))
            }
        }
        while let node = reached.popLast() {
            for user in users[Int(node)] where !holds[Int(user)] {
                missing[Int(user)] -= 1
                guard missing[Int(user)] <= 0 else { continue }
                holds[Int(user)] = true
                reached.append(user)
            }
        }
        return holds
    }

    private func forEachPart(_ node: Grammar.Node, _ body: (Int32) -> Void) {
        switch node.kind {
        case .sequence, .choice: for child in children[Int(node.first)..<Int(node.first + node.count)] { body(child) }
        case .repetition, .scope: body(node.first)
        case .rule: body(rules[Int(node.first)])
        case .end, .outside, .literal, .automaton: break
        }
    }

    /// The name of a rule that can begin with itself, or nil.
    private func leftRecursiveRule(_ nullable: [Bool], _ productive: [Bool]) -> String? {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: nodes.count)
        var path: [(node: Int32, next: Int32)] = []
        for start in rules where marks[Int(start)] == .new {
            marks[Int(start)] = .open
            path.append((start, 0))
            while let (index, next) = path.last {
                guard let first = firstPart(index, next, nullable) else {
                    marks[Int(index)] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                guard productive[Int(first)] else { continue }
                switch marks[Int(first)] {
                case .done: break
                case .new:
                    marks[Int(first)] = .open
                    path.append((first, 0))
                case .open:
                    let cycle = path[(path.lastIndex { $0.node == first } ?? 0)...]
                    let rule = cycle.first { nodes[Int($0.node)].kind == .rule }
                    return rule.map { ruleNames[Int(nodes[Int($0.node)].first)] } ?? ""
                }
            }
        }
        return nil
    }

    /// The part number `position` that a node can begin with.
    private func firstPart(_ index: Int32, _ position: Int32, _ nullable: [Bool]) -> Int32? {
        let node = nodes[Int(index)]
        switch node.kind {
        case .sequence:
            guard position < node.count else { return nil }
            if position > 0, !nullable[Int(children[Int(node.first + position - 1)])] { return nil }
            return children[Int(node.first + position)]
        case .choice: return position < node.count ? children[Int(node.first + position)] : nil
        case .repetition, .scope: return position == 0 ? node.first : nil
        case .rule: return position == 0 ? rules[Int(node.first)] : nil
        case .end, .outside, .literal, .automaton: return nil
        }
    }
}

/// Of each node those that use it, in one array.
private struct Users {
    private var starts: [Int32]
    private var filled: [Int32] = []
    private var users: [Int32] = []

    init(count: Int) { starts = [Int32](repeating: 0, count: count + 1) }

    mutating func count(_ node: Int32, _ user: Int) { starts[Int(node) + 1] += 1 }

    mutating func finishCounting() {
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        filled = starts
        users = [Int32](repeating: 0, count: Int(starts[starts.count - 1]))
    }

    mutating func add(_ node: Int32, _ user: Int) {
        users[Int(filled[Int(node)])] = Int32(user)
        filled[Int(node)] += 1
    }

    subscript(node: Int) -> ArraySlice<Int32> { users[Int(starts[node])..<Int(starts[node + 1])] }
}
