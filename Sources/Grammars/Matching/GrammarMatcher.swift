/// Follows a grammar byte by byte. A state is a number: copying one is free, and going back means remembering it.
///
/// The matcher is an automaton whose states are sets of stacks. States and transitions are made when they are first
/// needed and kept, so that a step that was taken before costs one look into a table.
package struct GrammarMatcher: Sendable {
    /// Numbers of other matchers mean nothing here.
    package typealias State = Int32

    /// The state after a text that is not in the grammar.
    package static let dead: State = ContinuationTable.dead

    static let depthLimit: Int32 = 2_000
    static let itemLimit = 20_000
    /// States whose transitions are kept, 1 KiB each; more work, but slower.
    static let rowLimit = 1 << 14
    /// Sets of stacks beyond which forgetting some is due, about 100 bytes each.
    static let stateLimit = 1 << 18

    package let grammar: Grammar
    var table = ContinuationTable()
    /// Set when a limit was reached; the text that reached it was refused.
    package internal(set) var reachedLimit: MatchingLimit?
    private var rows: [Int32] = []
    private var rowStarts: [Int32] = []
    private var closed: [Int32: State] = [:]
    private var closure = Closure()

    package init(_ grammar: Grammar) { self.grammar = grammar }

    package mutating func start() -> State {
        closure.reset()
        addNode(grammar.root, rest: ContinuationTable.end)
        return closeAll()
    }

    package func canEnd(_ state: State) -> Bool { table.marks(state).contains(.end) }

    /// Whether the text can end and nothing else can come.
    package func isComplete(_ state: State) -> Bool { state == ContinuationTable.end }

    /// Whether a local walk has left its part of the grammar.
    @inline(__always)
    func isOutside(_ state: State) -> Bool { table.marks(state).contains(.outside) }

    /// The state after `byte`; dead if it cannot come here.
    @inline(__always)
    package mutating func step(_ state: State, _ byte: UInt8) -> State {
        if Int(state) < rowStarts.count {
            let row = rowStarts[Int(state)]
            if row >= 0 {
                let next = rows[Int(row) + Int(byte)]
                if next >= 0 { return next }
            }
        }
        return stepAnew(state, byte)
    }

    @inline(never)
    private mutating func stepAnew(_ state: State, _ byte: UInt8) -> State {
        if state == ContinuationTable.dead { return state }
        closure.reset()
        for index in table.range(state) {
            let item = table.item(index)
            let node = grammar.nodes[Int(item.node)]
            switch node.kind {
            case .literal where grammar.bytes[Int(node.first + item.progress)] == byte:
                addFrame(item.node, item.progress + 1, rest: item.rest)
            case .automaton:
                let next = grammar.automata.next(item.progress, byte)
                if next >= 0 { addFrame(item.node, next, rest: item.rest) }
            default: break
            }
        }
        let next = closeAll()
        remember(state, byte, next)
        return next
    }

    private mutating func remember(_ state: State, _ byte: UInt8, _ next: State) {
        while rowStarts.count <= Int(state) { rowStarts.append(-1) }
        if rowStarts[Int(state)] < 0 {
            guard rows.count < Self.rowLimit << 8 else { return }
            rowStarts[Int(state)] = Int32(rows.count)
            rows.append(contentsOf: repeatElement(-1, count: 256))
        }
        rows[Int(rowStarts[Int(state)]) + Int(byte)] = next
    }

    /// The state in which what a set of stacks says comes next.
    mutating func state(of set: Int32) -> State {
        if let known = closed[set] { return known }
        closure.reset()
        addAll(set)
        let state = closeAll()
        closed[set] = state
        return state
    }

    // MARK: Memory

    /// Whether it is time to forget states that are out of use.
    var isFull: Bool { rows.count >= Self.rowLimit << 8 || table.count > Self.stateLimit }

    /// Forgets all states but some, and returns their new numbers.
    mutating func compact(keeping states: [State]) -> [State] {
        var isKept = [Bool](repeating: false, count: table.count)
        for state in states { isKept[Int(state)] = true }
        // What a set refers to is older than the set.
        for set in stride(from: Int32(table.count) - 1, through: 0, by: -1) where isKept[Int(set)] {
            for item in table[set] { isKept[Int(item.rest)] = true }
        }
        var smaller = ContinuationTable()
        var numbers = [Int32](repeating: 0, count: table.count)
        for set in 0..<Int32(table.count) where isKept[Int(set)] {
            numbers[Int(set)] = smaller.intern(
                table[set].map { StackItem(node: $0.node, progress: $0.progress, rest: numbers[Int($0.rest)]) })
        }
        table = smaller
        rows = []
        rowStarts = []
        closed = [:]
        return states.map { numbers[Int($0)] }
    }

    // MARK: Closure

    /// Follows everything that reads no byte, until each item reads one or ends.
    private mutating func closeAll() -> State {
        while let index = closure.takeNext() {
            expand(closure.items[index])
            if closure.items.count > Self.itemLimit {
                reachedLimit = .alternatives(Self.itemLimit)
                return ContinuationTable.dead
            }
        }
        var result = closure.items.filter { isKept($0) }
        if result.contains(where: { table.depth($0.rest) > Self.depthLimit }) {
            reachedLimit = .stackDepth(Int(Self.depthLimit))
            return ContinuationTable.dead
        }
        result.sort { $0.frame < $1.frame }
        return table.intern(result)
    }

    private func isKept(_ item: StackItem) -> Bool {
        let node = grammar.nodes[Int(item.node)]
        return switch node.kind {
        case .end, .outside: true
        case .literal: item.progress < node.count
        case .automaton: grammar.automata.hasEdges(item.progress)
        default: false
        }
    }

    private mutating func expand(_ item: StackItem) {
        let node = grammar.nodes[Int(item.node)]
        switch node.kind {
        case .end, .outside: break
        case .literal:
            if item.progress == node.count { addAll(item.rest) }
        case .automaton:
            if grammar.automata.accepts(item.progress) { addAll(item.rest) }
        case .sequence:
            let part = grammar.children[Int(node.first + item.progress)]
            // The last part's end is the sequence's: what loops at the right needs no stack.
            let isLast = item.progress + 1 == node.count
            addNode(part, rest: isLast ? item.rest : push(item.node, item.progress + 1, item.rest))
        case .choice:
            for index in Int(node.first)..<Int(node.first + node.count) {
                addNode(grammar.children[index], rest: item.rest)
            }
        case .repetition: expandRepetition(item, node)
        case .rule: addNode(grammar.rules[Int(node.first)], rest: item.rest)
        case .scope:
            if item.progress == 0 {
                addNode(node.first, rest: push(item.node, 1, item.rest))
            } else {
                addAll(item.rest)
            }
        }
    }

    private mutating func expandRepetition(_ item: StackItem, _ node: Grammar.Node) {
        if item.progress >= node.minimum { addAll(item.rest) }
        guard item.progress < node.maximum else { return }
        // Without an upper bound nobody asks how many there were beyond the lower one.
        let isUnbounded = node.maximum == Grammar.unbounded
        let next = isUnbounded ? min(item.progress + 1, node.minimum) : item.progress + 1
        addNode(node.first, rest: next == node.maximum ? item.rest : push(item.node, next, item.rest))
    }

    private mutating func push(_ node: Int32, _ progress: Int32, _ rest: Int32) -> Int32 {
        table.intern([StackItem(node: node, progress: progress, rest: rest)])
    }

    private mutating func addNode(_ node: Int32, rest: Int32) {
        // A part that never ends would lead into a text that can't be finished.
        guard grammar.isProductive[Int(node)] else { return }
        let content = grammar.nodes[Int(node)]
        addFrame(node, content.kind == .automaton ? content.first : 0, rest: rest)
    }

    private mutating func addAll(_ set: Int32) {
        for index in table.range(set) {
            let item = table.item(index)
            addFrame(item.node, item.progress, rest: item.rest)
        }
    }

    private mutating func addFrame(_ node: Int32, _ progress: Int32, rest: Int32) {
        let item = StackItem(node: node, progress: progress, rest: rest)
        guard let index = closure.index(of: item.frame) else { return closure.append(item) }
        let merged = table.union(closure.items[index].rest, rest)
        guard merged != closure.items[index].rest else { return }
        closure.items[index].rest = merged
        closure.schedule(index)
    }
}

/// The work of one step; its buffers are kept from step to step.
private struct Closure: Sendable {
    var items: [StackItem] = []
    /// First in, first out: an item is looked at again when its rest has grown, and this order does that seldom.
    private var pending: [Int] = []
    private var pendingStart = 0
    private var isPending: [Bool] = []
    /// Where frames are, once there are too many to look at all.
    private var indices: [UInt64: Int] = [:]

    mutating func reset() {
        items.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        pendingStart = 0
        isPending.removeAll(keepingCapacity: true)
        if !indices.isEmpty { indices.removeAll(keepingCapacity: true) }
    }

    func index(of frame: UInt64) -> Int? {
        if items.count > 24 { return indices[frame] }
        return items.firstIndex { $0.frame == frame }
    }

    mutating func append(_ item: StackItem) {
        items.append(item)
        pending.append(items.count - 1)
        isPending.append(true)
        if items.count == 25 {
            for (index, item) in items.enumerated() { indices[item.frame] = index }
        } else if items.count > 25 {
            indices[item.frame] = items.count - 1
        }
    }

    mutating func takeNext() -> Int? {
        guard pendingStart < pending.count else { return nil }
        let index = pending[pendingStart]
        pendingStart += 1
        isPending[index] = false
        return index
    }

    mutating func schedule(_ index: Int) {
        guard !isPending[index] else { return }
        isPending[index] = true
        pending.append(index)
    }
}
