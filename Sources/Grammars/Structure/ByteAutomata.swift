/// Deterministic automata over bytes, all in one table: a state is an index. They take what has no recursion in it:
/// character classes in UTF-8, sets of strings, ranges of numbers.
struct ByteAutomata: Sendable {
    struct Edge: Hashable, Sendable {
        var low: UInt8
        var high: UInt8
        var target: Int32
    }

    /// Accepts the empty text and nothing else.
    static let end: Int32 = 0

    private(set) var edges: [Edge] = []
    private var firstEdges: [Int32] = [0, 0]
    private var isAccepting: [Bool] = [true]

    var count: Int { isAccepting.count }

    func accepts(_ state: Int32) -> Bool { isAccepting[Int(state)] }

    func edges(of state: Int32) -> Range<Int> {
        Int(firstEdges[Int(state)])..<Int(firstEdges[Int(state) + 1])
    }

    func hasEdges(_ state: Int32) -> Bool { !edges(of: state).isEmpty }

    /// The state after `byte`, or -1.
    func next(_ state: Int32, _ byte: UInt8) -> Int32 {
        var range = edges(of: state)
        while range.count > 8 {
            let middle = range.lowerBound + range.count / 2
            range = edges[middle].low <= byte ? middle..<range.upperBound : range.lowerBound..<middle
        }
        for index in range where edges[index].low <= byte && byte <= edges[index].high { return edges[index].target }
        return -1
    }

    /// Adds a state. Its edges may lead to states that are yet to be added.
    /// - Parameter edges: sorted, without overlaps.
    mutating func add(_ edges: [Edge], accepts: Bool = false) -> Int32 {
        for edge in edges {
            if let last = self.edges.last, self.edges.count > Int(firstEdges[count]), last.target == edge.target,
                Int(last.high) + 1 == Int(edge.low)
            {
                self.edges[self.edges.count - 1].high = edge.high
            } else {
                self.edges.append(edge)
            }
        }
        firstEdges.append(Int32(self.edges.count))
        isAccepting.append(accepts)
        return Int32(count - 1)
    }

    /// Adds the set of some strings, as a tree of their beginnings.
    mutating func add(strings: [[UInt8]]) -> Int32 {
        var children: [[Edge]] = [[]]
        var accepting = [false]
        let base = Int32(count)
        for string in strings.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            var node = 0
            for byte in string {
                // Sorted, so an existing branch is the last one.
                if let last = children[node].last, last.low == byte {
                    node = Int(last.target - base)
                } else {
                    children[node].append(Edge(low: byte, high: byte, target: base + Int32(children.count)))
                    children.append([])
                    accepting.append(false)
                    node = children.count - 1
                }
            }
            accepting[node] = true
        }
        for index in children.indices { _ = add(children[index], accepts: accepting[index]) }
        return base
    }

    /// The same language without the empty text.
    mutating func addNonEmpty(_ state: Int32) -> Int32 {
        add(Array(edges[edges(of: state)]), accepts: false)
    }
}
