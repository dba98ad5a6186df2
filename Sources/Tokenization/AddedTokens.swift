import ModelFiles

/// Finds tokens that are taken out of the text before everything else, such as `<|im_start|>`.
///
/// The leftmost match wins, and the longest among those that start there, as in the reference implementation.
struct AddedTokens: Sendable {
    /// A trie over bytes: an edge leads from a node by a byte to another node. Node 0 is the root.
    private let edges: FixedTable<Edge>
    private let edgeMask: UInt64
    /// The token that ends at each node, or -1.
    private let tokens: [TokenID]
    /// Whether a token starts with the byte.
    private let isFirst: FixedTable<Bool>

    private struct Edge: BitwiseCopyable {
        /// Node in the high bits, byte in the low eight; `.max`: no edge.
        var key: UInt64
        var target: UInt32
    }

    init(
        of definition: TokenizerDefinition, where isIncluded: (TokenizerDefinition.TokenType) -> Bool
    ) {
        var children: [UInt64: UInt32] = [:]
        var tokens: [TokenID] = [-1]
        var isFirst = [Bool](repeating: false, count: 256)
        for id in definition.types.indices where isIncluded(definition.types[id]) {
            let text = definition.tokens[id]
            guard let first = text.first else { continue }
            isFirst[Int(first)] = true
            var node: UInt32 = 0
            for byte in text {
                let key = UInt64(node) << 8 | UInt64(byte)
                if let child = children[key] {
                    node = child
                } else {
                    node = UInt32(tokens.count)
                    children[key] = node
                    tokens.append(-1)
                }
            }
            // Of two tokens with one text the first counts.
            if tokens[Int(node)] < 0 { tokens[Int(node)] = TokenID(id) }
        }
        var capacity = 16
        while capacity < children.count * 2 { capacity *= 2 }
        let mask = UInt64(capacity - 1)
        edges = FixedTable(count: capacity) { edges in
            edges.initialize(repeating: Edge(key: .max, target: 0))
            for (key, target) in children {
                var slot = Self.slot(of: key, mask)
                while edges[Int(slot)].key != .max { slot = (slot + 1) & mask }
                edges[Int(slot)] = Edge(key: key, target: target)
            }
        }
        edgeMask = mask
        self.tokens = tokens
        self.isFirst = FixedTable(isFirst)
    }

    var isEmpty: Bool { tokens.count == 1 }

    /// The first added token at or behind `start`, and where it is.
    func first(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (token: TokenID, range: Range<Int>)? {
        guard !isEmpty else { return nil }
        for position in start..<text.count where isFirst[Int(text[position])] {
            if let (token, end) = longest(in: text, at: position) { return (token, position..<end) }
        }
        return nil
    }

    private func longest(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (TokenID, Int)? {
        var found: (TokenID, Int)?
        var node: UInt32 = 0
        var position = start
        while position < text.count, let child = child(of: node, by: text[position]) {
            node = child
            position += 1
            if tokens[Int(node)] >= 0 { found = (tokens[Int(node)], position) }
        }
        return found
    }

    @inline(__always)
    private func child(of node: UInt32, by byte: UInt8) -> UInt32? {
        let key = UInt64(node) << 8 | UInt64(byte)
        var slot = Self.slot(of: key, edgeMask)
        while edges[Int(slot)].key != .max {
            if edges[Int(slot)].key == key { return edges[Int(slot)].target }
            slot = (slot + 1) & edgeMask
        }
        return nil
    }

    @inline(__always)
    private static func slot(of key: UInt64, _ mask: UInt64) -> UInt64 {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return (product ^ product >> 32) & mask
    }
}
