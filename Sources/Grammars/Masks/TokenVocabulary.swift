/// What each token of a model stands for, and all tokens as a tree of their bytes.
package final class TokenVocabulary: Sendable {
    /// A place in the tree; places stand in the order of a walk that visits parents first and bytes in order.
    struct Place: Sendable {
        var byte: UInt8
        /// From 1.
        var depth: UInt16
        /// The first token that ends here, or -1; `sameText` has the others.
        var token: Int32
        /// The place after everything below this one.
        var next: Int32
    }

    /// Longer tokens are never allowed: vocabularies have none.
    static let lengthLimit = 1 << 12

    package let count: Int
    /// The tokens that end a text; they are allowed wherever it may end.
    package let endTokens: [Int32]
    let places: [Place]
    /// The next token with the same bytes, or -1.
    let sameText: [Int32]
    let longestLength: Int
    private let bytes: [UInt8]
    private let starts: [Int32]

    /// - Parameters:
    ///   - tokens: the bytes that each id stands for; nil or none for those that are never allowed, control tokens
    ///     and padding.
    ///   - endTokens: ids; their bytes do not count.
    package init(tokens: [[UInt8]?], endTokens: [Int32]) {
        count = tokens.count
        self.endTokens = endTokens.filter { $0 >= 0 && $0 < tokens.count }
        var bytes: [UInt8] = []
        var starts: [Int32] = [0]
        let ends = Set(endTokens)
        for (id, token) in tokens.enumerated() {
            if let token, token.count <= Self.lengthLimit, !ends.contains(Int32(id)) { bytes += token }
            starts.append(Int32(bytes.count))
        }
        self.bytes = bytes
        self.starts = starts
        let slice = { (id: Int32) in bytes[Int(starts[Int(id)])..<Int(starts[Int(id) + 1])] }
        let order = (0..<Int32(tokens.count)).filter { !slice($0).isEmpty }.sorted {
            let (left, right) = (slice($0), slice($1))
            return left.elementsEqual(right) ? $0 < $1 : left.lexicographicallyPrecedes(right)
        }
        var sameText = [Int32](repeating: -1, count: tokens.count)
        var tree = TreeBuilder()
        var previous: Int32 = -1
        for id in order {
            if previous >= 0, slice(previous).elementsEqual(slice(id)) {
                sameText[Int(previous)] = id
            } else {
                tree.add(slice(id), id)
            }
            previous = id
        }
        places = tree.finish()
        self.sameText = sameText
        longestLength = order.lazy.map { slice($0).count }.max() ?? 0
    }

    /// The bytes of a token, none for one that is never allowed.
    package func bytes(of token: Int32) -> ArraySlice<UInt8> {
        guard token >= 0, token < count else { return [] }
        return bytes[Int(starts[Int(token)])..<Int(starts[Int(token) + 1])]
    }

    @inline(__always)
    func insert(_ token: Int32, into mask: inout TokenMask) {
        var token = token
        while token >= 0 {
            mask.insert(token)
            token = sameText[Int(token)]
        }
    }
}

/// Makes the tree from sorted tokens.
private struct TreeBuilder {
    private var places: [TokenVocabulary.Place] = []
    /// The places on the way to the last token.
    private var path: [Int] = []

    mutating func add(_ bytes: ArraySlice<UInt8>, _ token: Int32) {
        var shared = 0
        for byte in bytes {
            guard shared < path.count, places[path[shared]].byte == byte else { break }
            shared += 1
        }
        close(to: shared)
        for byte in bytes.dropFirst(shared) {
            path.append(places.count)
            places.append(.init(byte: byte, depth: UInt16(path.count), token: -1, next: 0))
        }
        if let last = path.last { places[last].token = token }
    }

    private mutating func close(to depth: Int) {
        while path.count > depth { places[path.removeLast()].next = Int32(places.count) }
    }

    consuming func finish() -> [TokenVocabulary.Place] {
        close(to: 0)
        return places
    }
}
