/// What prefixes of token sequences left behind, by their tokens: a radix tree whose edges are pages of a fixed number of
/// tokens; the last page of a sequence may have fewer.
///
/// Sequences share the pages of a common beginning, however many they are. A page belongs to all tokens before its end, so
/// its first rows also serve a sequence that leaves it in the middle. States stand for all tokens up to a position
/// and serve there only. Trees of different keys share nothing but the limit, and may have pages of different sizes; what
/// was used longest ago gives way.
///
/// A node is always used later than its children, so the oldest of all is a leaf.
package struct PageTree<Payload: Sendable>: Sendable {
    package let pageTokens: Int
    /// Bytes that a page counts for where nothing else is said, and those that all may take.
    package let pageBytes: Int
    package let byteLimit: Int
    package private(set) var byteCount = 0
    /// Pages that gave way to others.
    package private(set) var evictions = 0

    /// States that a sequence keeps: they may take as much as many thousands of tokens.
    private static var statesPerPath: Int { 6 }

    private struct Node: Sendable {
        var tokens: [Int32] = []
        /// Nil for roots and free places.
        var page: Payload?
        var pageBytes = 0
        var states: [State] = []
        var parent = -1
        var children: [Int] = []
        var byteCount: Int { pageBytes + states.reduce(0) { $0 + $1.bytes } }
        /// Neighbours in the order of use.
        var newer = -1
        var older = -1
    }

    private struct State: Sendable {
        /// Tokens of the page before it, 1 to `pageTokens`.
        var offset: Int
        var payload: Payload
        var bytes: Int
    }

    private var nodes: [Node] = []
    private var unused: [Int] = []
    private var roots: [String: Int] = [:]
    private var newest = -1
    private var oldest = -1

    package init(pageTokens: Int, pageBytes: Int, byteLimit: Int) {
        precondition(pageTokens > 0)
        (self.pageTokens, self.pageBytes, self.byteLimit) = (pageTokens, pageBytes, byteLimit)
    }

    /// Keys that anything is remembered of.
    package var keyCount: Int { roots.count }

    // MARK: Finding

    /// The longest beginning of some tokens that the tree has.
    package struct Match {
        fileprivate var nodes: [Int] = []
        /// Tokens; the last page may have more.
        package fileprivate(set) var tokens = 0
    }

    /// Finds without using.
    package func match(_ tokens: [Int32], key: String) -> Match {
        var match = Match()
        guard var node = roots[key] else { return match }
        while match.tokens < tokens.count {
            let rest = tokens[match.tokens...].prefix(pageTokens)
            var best = (node: -1, shared: 0)
            for child in nodes[node].children {
                let shared = Self.shared(nodes[child].tokens, rest)
                if shared > best.shared { best = (child, shared) }
            }
            guard best.shared > 0 else { break }
            match.nodes.append(best.node)
            match.tokens += best.shared
            guard best.shared == pageTokens else { break }
            node = best.node
        }
        return match
    }

    /// The pages of a match, in order.
    package func pages(_ match: Match) -> [Payload] { match.nodes.map { nodes[$0].page! } }

    /// The last state of a match that stands for at most `limit` tokens.
    package func state(_ match: Match, atMost limit: Int) -> (position: Int, payload: Payload)? {
        states(match).last { $0.position <= limit }
    }

    /// All states of a match, in order.
    package func states(_ match: Match) -> [(position: Int, payload: Payload)] {
        match.nodes.enumerated().flatMap { index, node in
            nodes[node].states.filter { index * pageTokens + $0.offset <= match.tokens }
                .sorted { $0.offset < $1.offset }.map { (index * pageTokens + $0.offset, $0.payload) }
        }
    }

    /// Marks what a match found as used now.
    package mutating func use(_ match: Match) {
        for node in match.nodes.reversed() { moveToFront(node) }
    }

    /// Bytes of the pages and states of all keys that begin with `prefix`.
    package func byteCount(keysWith prefix: String) -> Int {
        var places = roots.filter { $0.key.hasPrefix(prefix) }.map(\.value)
        var sum = 0
        while let place = places.popLast() {
            sum += nodes[place].byteCount
            places += nodes[place].children
        }
        return sum
    }

    private static func shared(_ a: [Int32], _ b: ArraySlice<Int32>) -> Int {
        let count = min(a.count, b.count)
        var index = 0
        while index < count, a[index] == b[b.startIndex + index] { index += 1 }
        return index
    }

    // MARK: Adding

    /// Adds the pages of a sequence that the tree has not, as far as there is room.
    /// - Parameters:
    ///   - bytes: that each of these pages counts for.
    ///   - makePage: copies page `index` of the sequence; nil ends it there.
    /// - Returns: how many pages were made.
    @discardableResult
    package mutating func insert(
        _ tokens: [Int32], key: String, pageBytes bytes: Int? = nil, makePage: (_ index: Int) -> Payload?
    ) -> Int {
        let bytes = bytes ?? pageBytes
        var node = root(of: key)
        var path: [Int] = []
        // Of the path, once something is made: what was used before it may give way.
        var floor: Int?
        var made = 0
        for (index, start) in stride(from: 0, to: tokens.count, by: pageTokens).enumerated() {
            let part = tokens[start...].prefix(pageTokens)
            if let child = nodes[node].children.first(where: { Self.shared(nodes[$0].tokens, part) == part.count }) {
                path.append(child)
                node = child
                continue
            }
            if floor == nil {
                for used in path.reversed() { moveToFront(used) }
                floor = path.last
            }
            // A shorter end of the same sequence grows; others stay beside it.
            let shorter = nodes[node].children.first { child in
                Self.shared(nodes[child].tokens, part) == nodes[child].tokens.count
            }
            if let shorter {
                guard let page = makePage(index) else { break }
                (nodes[shorter].page, nodes[shorter].tokens) = (page, Array(part))
                moveToFront(shorter)
                node = shorter
            } else {
                guard makeRoom(for: bytes, above: floor), let page = makePage(index) else { break }
                node = add(Node(tokens: Array(part), page: page, pageBytes: bytes, parent: node))
            }
            floor = floor ?? node
            path.append(node)
            made += 1
        }
        for used in path.reversed() { moveToFront(used) }
        return made
    }

    /// Keeps the state after all of some tokens, whose pages the tree has.
    /// - Returns: false where it has not, or where there is no room.
    @discardableResult
    package mutating func insertState(
        after tokens: [Int32], key: String, bytes: Int, makeState: () -> Payload?
    ) -> Bool {
        let match = match(tokens, key: key)
        guard !tokens.isEmpty, match.tokens == tokens.count, let node = match.nodes.last else { return false }
        use(match)
        let offset = tokens.count - (match.nodes.count - 1) * pageTokens
        guard !nodes[node].states.contains(where: { $0.offset == offset }) else { return true }
        // Nothing gives way for a state that cannot be had.
        guard let payload = makeState() else { return false }
        thin(match.nodes)
        guard makeRoom(for: bytes, above: node) else { return false }
        nodes[node].states.append(State(offset: offset, payload: payload, bytes: bytes))
        byteCount += bytes
        return true
    }

    /// Makes room for one more state along a path: those go first that other sequences do not begin with, and of them
    /// those that lie farthest back.
    private mutating func thin(_ path: [Int]) {
        var places = path.flatMap { node in nodes[node].states.map(\.offset).sorted().map { (node: node, offset: $0) } }
        while places.count >= Self.statesPerPath {
            let index = places.firstIndex { nodes[$0.node].children.count < 2 } ?? 0
            let place = places.remove(at: index)
            let dropped = nodes[place.node].states.firstIndex { $0.offset == place.offset }!
            byteCount -= nodes[place.node].states.remove(at: dropped).bytes
        }
    }

    private mutating func root(of key: String) -> Int {
        if let root = roots[key] { return root }
        // Keys come and go; one whose pages have all given way leaves nothing.
        for (key, root) in roots where nodes[root].children.isEmpty {
            roots[key] = nil
            nodes[root] = Node()
            unused.append(root)
        }
        let place = newPlace()
        nodes[place] = Node()
        roots[key] = place
        return place
    }

    private mutating func newPlace() -> Int {
        if let place = unused.popLast() { return place }
        nodes.append(Node())
        return nodes.count - 1
    }

    private mutating func add(_ node: Node) -> Int {
        let place = newPlace()
        nodes[place] = node
        nodes[node.parent].children.append(place)
        byteCount += node.byteCount
        link(place)
        return place
    }

    // MARK: Giving way

    /// Lets old leaves go until there is room for so many bytes.
    /// - Parameter floor: what may not give way, nor what was used after it.
    private mutating func makeRoom(for bytes: Int, above floor: Int?) -> Bool {
        guard bytes <= byteLimit else { return false }
        while byteCount + bytes > byteLimit {
            guard oldest >= 0, oldest != floor else { return false }
            removeLeaf(oldest)
        }
        return true
    }

    private mutating func removeLeaf(_ place: Int) {
        precondition(nodes[place].children.isEmpty, "the oldest is a leaf")
        unlink(place)
        let parent = nodes[place].parent
        nodes[parent].children.removeAll { $0 == place }
        byteCount -= nodes[place].byteCount
        evictions += 1
        nodes[place] = Node()
        unused.append(place)
    }

    private mutating func moveToFront(_ place: Int) {
        guard newest != place else { return }
        unlink(place)
        link(place)
    }

    private mutating func link(_ place: Int) {
        (nodes[place].newer, nodes[place].older) = (-1, newest)
        if newest >= 0 { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer >= 0 { nodes[newer].older = older } else if newest == place { newest = older }
        if older >= 0 { nodes[older].newer = newer } else if oldest == place { oldest = newer }
    }
}
