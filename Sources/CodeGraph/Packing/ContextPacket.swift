package import SQLite

/// What a model is given for a task: the symbols that the task's words lead to, whole, what they are in, and what they
/// have to do with, as signatures.
package struct ContextPacket {
    private let graph: GraphQueries
    private var reader: GraphReader { graph.reader }

    package init(_ graph: GraphQueries) { self.graph = graph }

    /// How much of the budget may be taken before the next kind of item has had its turn.
    private struct Shares {
        var bodies = 0.65
        var neighbours = 0.85
        var outlines = 0.95
        /// Of a single body.
        var body = 0.4
    }

    private static let seedCount = 16
    private static let neighbourCount = 60
    /// Items without room, after which others are not tried.
    private static let patience = 16

    /// Empty when nothing has the task's words.
    /// - Parameter budget: tokens at most, of the packet's text.
    package func packet(for task: String, budget: Int, counter: TokenCounter) throws(SQLiteError) -> Packet {
        let hits = try Searcher(reader).symbols(SearchQuery(task), limit: Self.seedCount)
        var weights: [SymbolID: Double] = [:]
        var reasons: [SymbolID: String] = [:]
        var seeds: [SymbolID] = []
        for hit in hits {
            guard let symbol = hit.symbol, weights[symbol] == nil else { continue }
            weights[symbol] = hit.score
            reasons[symbol] = hit.reason
            seeds.append(symbol)
        }
        let neighbourhood = try Neighbourhood(of: seeds, graph)
        let near = neighbourhood.near(weights).sorted { ($1.score, $0.symbol) < ($0.score, $1.symbol) }
        var packing = Packing(reader: reader, packer: Packer(budget: budget, counter: counter))
        let shares = Shares()
        func limit(_ share: Double) -> Int { Int(Double(budget) * share) }
        // The seeds, whole where they are not too long.
        for seed in seeds {
            try packing.put(
                seed, reason: reasons[seed], limit: limit(shares.bodies), bodyLimit: limit(shares.body))
        }
        // What is near them, in a line each.
        let others = near.filter { weights[$0.symbol] == nil }.prefix(Self.neighbourCount)
        var refused = 0
        for item in others where refused < Self.patience {
            let reason = try reason(of: item)
            if try !packing.putSignature(item.symbol, reason: reason, limit: limit(shares.neighbours)) { refused += 1 }
        }
        // The outline of what the seeds are in.
        for seed in seeds { try packing.putOutline(around: seed, limit: limit(shares.outlines)) }
        // With the room that is left: more whole symbols.
        refused = 0
        for item in near where refused < Self.patience {
            let known = reasons[item.symbol]
            let reason = known == nil ? try reason(of: item) : known
            if try !packing.putBody(item.symbol, reason: reason) { refused += 1 }
        }
        return packing.packer.packet()
    }

    private func reason(of item: Neighbourhood.Near) throws(SQLiteError) -> String? {
        guard let relation = item.relation, let other = item.other else { return nil }
        let name = try reader.qualifiedName(other)
        let isTest = try reader.file(item.symbol.file).map { FileTraits(rawValue: $0.traits).contains(.test) } ?? false
        switch (relation, item.isBackwards) {
        case (.calls, true): return (isTest ? "tests " : "calls ") + name
        case (.calls, false): return "called by " + name
        case (.uses, true): return (isTest ? "tests " : "uses ") + name
        case (.uses, false): return "used by " + name
        case (.type, true): return "takes or makes " + name
        case (.type, false): return "type used by " + name
        case (.inherits, true): return "inherits from " + name
        case (.inherits, false): return "supertype of " + name
        case (.member, true): return "in " + name
        case (.member, false): return "holds " + name
        }
    }
}

/// A packet in the making, and the files that it is made of.
private struct Packing {
    let reader: GraphReader
    var packer: Packer
    private var files: [Int: PackedFile] = [:]

    init(reader: GraphReader, packer: Packer) {
        self.reader = reader
        self.packer = packer
    }

    private mutating func file(_ id: Int) throws(SQLiteError) -> PackedFile? {
        if let known = files[id] { return known }
        guard let file = try PackedFile(id, reader) else { return nil }
        packer.setOutline(file.outlineLines, of: file.path)
        files[id] = file
        return file
    }

    /// A symbol as a whole, or its signature where it is too long or its members say what it is.
    mutating func put(_ id: SymbolID, reason: String?, limit: Int, bodyLimit: Int) throws(SQLiteError) {
        guard let file = try file(id.file) else { return }
        if !file.isOutline(id.ordinal) {
            let room = min(limit, packer.cost + bodyLimit)
            if packer.add(file.body(id.ordinal, reason: reason, around: Self.holds), limit: room) { return }
        }
        _ = packer.add(file.signatures(id.ordinal, reason: reason, around: Self.holds), limit: limit)
    }

    mutating func putSignature(_ id: SymbolID, reason: String?, limit: Int) throws(SQLiteError) -> Bool {
        guard let file = try file(id.file) else { return true }
        return packer.add(file.signatures(id.ordinal, reason: reason, around: Self.holds), limit: limit)
    }

    mutating func putBody(_ id: SymbolID, reason: String?) throws(SQLiteError) -> Bool {
        guard let file = try file(id.file), !file.isOutline(id.ordinal) else { return true }
        return packer.add(file.body(id.ordinal, reason: reason, around: Self.holds))
    }

    /// What stands beside a symbol: the members of its type, or what else is at the top of its file.
    mutating func putOutline(around id: SymbolID, limit: Int) throws(SQLiteError) {
        guard let file = try file(id.file) else { return }
        let symbol = file.facts.symbols[id.ordinal]
        let parent = symbol.kind.isType ? id.ordinal : Int(symbol.parent)
        for ordinal in file.outline where Int(file.facts.symbols[ordinal].parent) == parent {
            if !packer.add(file.signatures(ordinal, reason: "outline", around: Self.holds), limit: limit) { return }
        }
    }

    private static func holds(_ name: String) -> String? { "holds " + name }
}
