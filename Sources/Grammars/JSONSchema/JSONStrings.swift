/// The characters of JSON strings (RFC 8259, section 7).
extension GrammarBuilder {
    /// What must be escaped in a string.
    private static let escaped = CodePointSet([0...0x1F, 0x22...0x22, 0x5C...0x5C])
    /// The escapes of one letter that characters need, and the characters.
    private static let shortEscapes: [(letter: UInt8, codePoint: UInt32)] = [
        (0x22, 0x22), (0x5C, 0x5C), (0x62, 0x08), (0x66, 0x0C), (0x6E, 0x0A), (0x72, 0x0D), (0x74, 0x09),
    ]

    /// One character of a set within a string, written in the shortest way.
    mutating func jsonCharacter(_ set: CodePointSet) -> Expression {
        if let known = jsonCharacters[set] { return automaton(known) }
        var edges = lowering.edges(for: set.subtracting(Self.escaped), in: &automata)
        let escapes = shortEscapeEdges(set.intersection(Self.escaped))
        if !escapes.isEmpty {
            let state = automata.add(escapes)
            edges.append(.init(low: 0x5C, high: 0x5C, target: state))
            edges.sort { $0.low < $1.low }
        }
        let state = automata.add(edges)
        jsonCharacters[set] = state
        return automaton(state)
    }

    private mutating func shortEscapeEdges(_ set: CodePointSet) -> [ByteAutomata.Edge] {
        var edges: [ByteAutomata.Edge] = []
        for escape in Self.shortEscapes where set.contains(escape.codePoint) {
            edges.append(.init(low: escape.letter, high: escape.letter, target: ByteAutomata.end))
        }
        let short = Set(Self.shortEscapes.map(\.codePoint))
        var digits: [ByteAutomata.Edge] = []
        for high in UInt32(0)...1 {
            let members = (0..<16).filter { set.contains(high << 4 | $0) && !short.contains(high << 4 | $0) }
            guard !members.isEmpty else { continue }
            let last = automata.add(Self.hexadecimalEdges(members, ByteAutomata.end))
            digits.append(.init(low: 0x30 + UInt8(high), high: 0x30 + UInt8(high), target: last))
        }
        guard !digits.isEmpty else { return edges }
        var state = automata.add(digits)
        for _ in 0..<2 { state = automata.add([.init(low: 0x30, high: 0x30, target: state)]) }
        edges.append(.init(low: 0x75, high: 0x75, target: state))
        return edges
    }

    /// Any character within a string, with every escape that JSON knows; surrogates come in pairs.
    mutating func anyJSONCharacter() -> Expression {
        let all = CodePointSet.all
        // The key is free: only sets that hold surrogates alone have it, and nobody asks for those.
        let key = CodePointSet([0xD800...0xDFFF])
        if let known = jsonCharacters[key] { return automaton(known) }
        let hexadecimal = Array(UInt32(0)..<16)
        var digits = [ByteAutomata.end]
        for _ in 0..<3 { digits.append(automata.add(Self.hexadecimalEdges(hexadecimal, digits[digits.count - 1]))) }
        let trail = automata.add(Self.hexadecimalEdges([0xC, 0xD, 0xE, 0xF], digits[2]))
        var pair = automata.add(Self.hexadecimalEdges([0xD], trail))
        for byte in "u\\".utf8 { pair = automata.add([.init(low: byte, high: byte, target: pair)]) }
        for _ in 0..<2 { pair = automata.add(Self.hexadecimalEdges(hexadecimal, pair)) }
        let afterD = automata.add(
            (Self.hexadecimalEdges(Array(0..<8), digits[2]) + Self.hexadecimalEdges([8, 9, 10, 11], pair))
                .sorted { $0.low < $1.low })
        let unit = automata.add(
            (Self.hexadecimalEdges(hexadecimal.filter { $0 != 0xD }, digits[3]) + Self.hexadecimalEdges([0xD], afterD))
                .sorted { $0.low < $1.low })
        var escapes = "\"/\\bfnrt".utf8.map { ByteAutomata.Edge(low: $0, high: $0, target: ByteAutomata.end) }
        escapes.append(.init(low: 0x75, high: 0x75, target: unit))
        let escape = automata.add(escapes)
        var edges = lowering.edges(for: all.subtracting(Self.escaped), in: &automata)
        edges.append(.init(low: 0x5C, high: 0x5C, target: escape))
        let state = automata.add(edges.sorted { $0.low < $1.low })
        jsonCharacters[key] = state
        return automaton(state)
    }

    private static func hexadecimalEdges(_ values: [UInt32], _ target: Int32) -> [ByteAutomata.Edge] {
        var bytes: [UInt8] = []
        for value in values {
            if value < 10 {
                bytes.append(0x30 + UInt8(value))
            } else {
                bytes.append(0x41 + UInt8(value - 10))
                bytes.append(0x61 + UInt8(value - 10))
            }
        }
        return bytes.sorted().map { .init(low: $0, high: $0, target: target) }
    }

    /// The content of a string that is none of some names, written in the shortest way: so no name has a second spelling.
    mutating func jsonContent(excluding names: [String]) -> Expression {
        let character = jsonCharacter(.all)
        let start = nodes[Int(character.index)].first
        return automaton(automata.addRepetition(of: start, excluding: names.map { JSONText.content($0) }))
    }
}

extension ByteAutomata {
    /// Any number of what one automaton accepts, but for some texts of it.
    fileprivate mutating func addRepetition(of start: Int32, excluding texts: [[UInt8]]) -> Int32 {
        // The states of the automaton, whose end is its start again.
        var copies: [Int32: Int32] = [start: Int32(count), Self.end: Int32(count)]
        var order = [start]
        var index = 0
        while index < order.count {
            for edge in edges(of: order[index]).map({ edges[$0] }) where copies[edge.target] == nil {
                copies[edge.target] = Int32(count + order.count)
                order.append(edge.target)
            }
            index += 1
        }
        for state in order {
            let copied = edges(of: state).map { index in
                Edge(low: edges[index].low, high: edges[index].high, target: copies[edges[index].target] ?? 0)
            }
            _ = add(copied, accepts: state == start)
        }
        // The beginnings of the texts, each with the state that it leads to.
        var tree = TextTree(texts)
        let base = Int32(count)
        tree.nodes[0].state = start
        for node in tree.nodes.indices {
            let state = tree.nodes[node].state
            var edges: [Edge] = []
            for byte in UInt8.min...UInt8.max {
                let next = next(state, byte)
                guard next >= 0 else { continue }
                var target = copies[next] ?? 0
                if let child = tree.nodes[node].children[byte] {
                    tree.nodes[child].state = next == Self.end ? start : next
                    target = base + Int32(child)
                }
                edges.append(Edge(low: byte, high: byte, target: target))
            }
            _ = add(edges, accepts: state == start && !tree.nodes[node].isText)
        }
        return base
    }
}

/// Texts as a tree of their beginnings, parents first.
private struct TextTree {
    struct Node {
        var children: [UInt8: Int] = [:]
        var isText = false
        var state: Int32 = 0
    }

    var nodes = [Node()]

    init(_ texts: [[UInt8]]) {
        for text in texts {
            var node = 0
            for byte in text {
                if let child = nodes[node].children[byte] {
                    node = child
                } else {
                    nodes.append(Node())
                    nodes[node].children[byte] = nodes.count - 1
                    node = nodes.count - 1
                }
            }
            nodes[node].isText = true
        }
    }
}
