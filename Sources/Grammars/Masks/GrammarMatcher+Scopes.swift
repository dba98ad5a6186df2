/// A state cut off at the innermost scope, so that what is allowed in a string is found once for all strings.
struct LocalPart: Sendable {
    /// A set of stacks that end outside.
    var state: Int32
    /// The same stacks at their full height.
    var wholeState: Int32
    /// The set of what follows the scope; nil if the state is in none and was not cut.
    var rest: Int32?
}

extension GrammarMatcher {
    /// A scope further down is not looked for.
    private static let cutDepth = 48
    /// Nor in more stacks.
    private static let cutBudget = 1_000

    /// Splits a state into parts, one for each scope that it is in. Its texts are those of the parts together.
    /// - Parameter reach: the longest token: counts further than that from their bounds are taken for each other.
    mutating func localParts(of state: State, reach: Int32) -> [LocalPart] {
        var groups: [(rest: Int32?, items: [StackItem], whole: [StackItem])] = []
        var budget = Self.cutBudget
        for index in table.range(state) {
            let whole = table.item(index)
            var item = whole
            var rest: Int32?
            if let cut = cut(item.rest, reach: reach, depth: 0, budget: &budget) {
                item.rest = cut.set
                rest = cut.rest
            }
            if let group = groups.firstIndex(where: { $0.rest == rest }) {
                groups[group].items.append(item)
                groups[group].whole.append(whole)
            } else {
                groups.append((rest, [item], [whole]))
            }
        }
        // The frames of a state differ from each other and are sorted, so those of a group are, too.
        return groups.map { group in
            LocalPart(state: table.intern(group.items), wholeState: table.intern(group.whole), rest: group.rest)
        }
    }

    /// A set whose stacks end at the innermost scope, and what follows that; nil if not all stacks are in the same one.
    private mutating func cut(
        _ set: Int32, reach: Int32, depth: Int, budget: inout Int
    ) -> (set: Int32, rest: Int32)? {
        budget -= table.range(set).count
        guard depth < Self.cutDepth, budget >= 0, !table.range(set).isEmpty else { return nil }
        var items: [StackItem] = []
        var rest: Int32?
        for index in table.range(set) {
            var item = table.item(index)
            let node = grammar.nodes[Int(item.node)]
            let below: Int32
            if node.kind == .scope, item.progress == 1 {
                below = item.rest
                item.rest = ContinuationTable.outside
            } else {
                guard let inner = cut(item.rest, reach: reach, depth: depth + 1, budget: &budget) else { return nil }
                item.rest = inner.set
                below = inner.rest
                if node.kind == .repetition { item.progress = roundedCount(item.progress, node, reach: reach) }
            }
            guard rest == nil || rest == below else { return nil }
            rest = below
            items.append(item)
        }
        guard let rest else { return nil }
        items.sort { $0.frame < $1.frame }
        // Counts that were different may have become the same.
        for index in items.indices.dropFirst() where items[index].frame == items[index - 1].frame { return nil }
        return (table.intern(items), rest)
    }

    /// A count that no token can tell from this one: each iteration takes a byte at least.
    private func roundedCount(_ count: Int32, _ node: Grammar.Node, reach: Int32) -> Int32 {
        if count < node.minimum { return max(count, node.minimum - reach - 1) }
        guard node.maximum != Grammar.unbounded else { return count }
        return max(count, node.maximum - reach - 1)
    }

    /// What names a cut state in the cache, also among other matchers of the same grammar.
    func key(of set: Int32) -> [Int32] {
        var key: [Int32] = []
        appendKey(of: set, to: &key)
        return key
    }

    private func appendKey(of set: Int32, to key: inout [Int32]) {
        key.append(Int32(table.range(set).count))
        for item in table[set] {
            key.append(item.node)
            key.append(item.progress)
            appendKey(of: item.rest, to: &key)
        }
    }
}
