internal import SQLite

/// The symbols around some others, over edges that are better than ambiguous, and how near they are.
struct Neighbourhood {
    private let reader: GraphReader
    private let resolver: Resolver
    private var nodes: [SymbolID: Int] = [:]
    private(set) var symbols: [SymbolID] = []
    private var edges: [Edge] = []
    private var edgeIndexes: [Pair: Int] = [:]

    enum Relation: Sendable {
        case calls, uses, type, inherits, member
    }

    private struct Edge {
        var from: Int
        var to: Int
        var relation: Relation
        var weight: Double
    }

    private struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    /// What makes hubs bearable: how much of a neighbourhood is looked at.
    private static let seedsFollowedBack = 10
    private static let filesPerName = 60
    private static let usersPerSeed = 40
    private static let symbolsOfSecondHop = 60
    private static let referencesPerSymbol = 120
    private static let membersPerType = 40

    init(of seeds: [SymbolID], _ graph: GraphQueries) throws(SQLiteError) {
        reader = graph.reader
        resolver = graph.resolver
        for seed in seeds { _ = node(seed) }
        for seed in seeds { try followOut(seed) }
        for seed in seeds.prefix(Self.seedsFollowedBack) { try followBack(seed) }
        for near in symbols.dropFirst(seeds.count).prefix(Self.symbolsOfSecondHop) { try followOut(near) }
    }

    private mutating func node(_ id: SymbolID) -> Int {
        if let known = nodes[id] { return known }
        nodes[id] = symbols.count
        symbols.append(id)
        return symbols.count - 1
    }

    private mutating func connect(_ from: SymbolID, _ to: SymbolID, _ relation: Relation, _ weight: Double) {
        guard from != to else { return }
        let pair = Pair(from: node(from), to: node(to))
        if let known = edgeIndexes[pair] {
            if edges[known].weight < weight {
                edges[known].weight = weight
                edges[known].relation = relation
            }
            return
        }
        edgeIndexes[pair] = edges.count
        edges.append(Edge(from: pair.from, to: pair.to, relation: relation, weight: weight))
    }

    // MARK: Following

    /// What a symbol uses, and what it is in.
    private mutating func followOut(_ id: SymbolID) throws(SQLiteError) {
        guard let (file, fact) = try reader.symbol(id) else { return }
        if fact.parent >= 0 {
            connect(id, SymbolID(file: id.file, ordinal: Int(fact.parent)), .member, 0.5)
        }
        if fact.kind.isType {
            let members = file.facts.symbols.indices.filter {
                Int(file.facts.symbols[$0].parent) == id.ordinal && file.facts.symbols[$0].hasCode
            }
            for member in members.prefix(Self.membersPerType) {
                connect(SymbolID(file: id.file, ordinal: member), id, .member, 0.5)
            }
        }
        var count = 0
        for reference in file.facts.references
        where reference.start >= fact.start && reference.start < fact.end && reference.container >= id.ordinal {
            // What members of a type use is theirs.
            if fact.kind.isType, Int(reference.container) != id.ordinal { continue }
            count += 1
            if count > Self.referencesPerSymbol { break }
            guard let meaning = try resolver.resolve(reference, in: file), let target = meaning.targets.first else {
                continue
            }
            join(id, target, reference.role, meaning.provenance)
        }
    }

    /// What uses a symbol, in the files nearest to it.
    private mutating func followBack(_ id: SymbolID) throws(SQLiteError) {
        guard let (home, fact) = try reader.symbol(id) else { return }
        let name = home.facts.names[fact.name]
        var found = 0
        for file in try nearest(to: home.path, reader.files(mentioning: name)) {
            guard let file = try reader.file(file) else { continue }
            for reference in file.facts.references
            where reference.container >= 0 && file.facts.names[reference.name] == name {
                guard let meaning = try resolver.resolve(reference, in: file), meaning.targets.contains(id) else {
                    continue
                }
                let user = SymbolID(file: file.id, ordinal: Int(reference.container))
                join(user, id, reference.role, meaning.provenance)
                found += 1
                if found >= Self.usersPerSeed { return }
            }
        }
    }

    private mutating func join(
        _ user: SymbolID, _ target: SymbolID, _ role: ReferenceRole, _ provenance: Provenance
    ) {
        guard provenance < .ambiguous else { return }
        let sureness = provenance == .uniqueName ? 0.6 : 1
        switch role {
        case .call, .construct, .slot, .route: connect(user, target, .calls, sureness)
        case .inherit, .implement: connect(user, target, .inherits, sureness)
        case .type, .inject, .bind: connect(user, target, .type, 0.7 * sureness)
        case .use: connect(user, target, .uses, 0.6 * sureness)
        }
    }

    /// Files whose folders are nearest to a path's first, then by path.
    private func nearest(to path: String, _ files: [Int]) throws(SQLiteError) -> [Int] {
        guard files.count > Self.filesPerName else { return files }
        let own = path.split(separator: "/")
        var ranked: [(shared: Int, path: String, id: Int)] = []
        let statement = try reader.store.statement("SELECT path FROM files WHERE id=?1")
        for id in files {
            let other = try statement.first(id) { $0.string(0) } ?? ""
            let shared = zip(own, other.split(separator: "/")).prefix { $0 == $1 }.count
            ranked.append((shared, other, id))
        }
        ranked.sort { ($1.shared, $0.path) < ($0.shared, $1.path) }
        return ranked.prefix(Self.filesPerName).map(\.id)
    }

    // MARK: Nearness

    struct Near {
        var symbol: SymbolID
        var score: Double
        /// The edge that brings the most: from `other` or, when it is backwards, to it.
        var relation: Relation?
        var other: SymbolID?
        var isBackwards = false
    }

    /// All symbols and how often whoever follows edges at random, in both directions, is there, when most steps lead
    /// back to a seed. In the order in which they were found.
    /// - Parameter weights: of the seeds.
    func near(_ weights: [SymbolID: Double]) -> [Near] {
        let total = weights.values.sorted().reduce(0, +)
        guard total > 0 else { return [] }
        let start = symbols.map { (weights[$0] ?? 0) / total }
        var out = [Double](repeating: 0, count: symbols.count)
        for edge in edges {
            out[edge.from] += edge.weight
            out[edge.to] += edge.weight
        }
        var ranks = start
        for _ in 0..<12 {
            var next = start.map { $0 * Self.restart }
            for edge in edges {
                next[edge.to] += ranks[edge.from] * edge.weight / out[edge.from] * (1 - Self.restart)
                next[edge.from] += ranks[edge.to] * edge.weight / out[edge.to] * (1 - Self.restart)
            }
            ranks = next
        }
        var found = symbols.indices.map { Near(symbol: symbols[$0], score: ranks[$0]) }
        var best = [Double](repeating: 0, count: symbols.count)
        for edge in edges {
            let forth = ranks[edge.from] * edge.weight / out[edge.from]
            if forth > best[edge.to] {
                best[edge.to] = forth
                found[edge.to].relation = edge.relation
                found[edge.to].other = symbols[edge.from]
                found[edge.to].isBackwards = false
            }
            let back = ranks[edge.to] * edge.weight / out[edge.to]
            if back > best[edge.from] {
                best[edge.from] = back
                found[edge.from].relation = edge.relation
                found[edge.from].other = symbols[edge.to]
                found[edge.from].isBackwards = true
            }
        }
        return found
    }

    private static let restart = 0.5
}
