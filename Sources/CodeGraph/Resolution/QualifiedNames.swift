internal import SQLite

/// Symbols by their full names, in languages whose files say in which namespace they are.
enum QualifiedNames {
    typealias File = GraphReader.FactsOfFile

    /// The names around a symbol and its own, with the namespace that the file has as a whole.
    static func fullName(_ ordinal: Int, in file: File) -> [String] {
        var parts: [String] = []
        var place = ordinal
        while place >= 0, parts.count < 32 {
            let symbol = file.facts.symbols[place]
            parts.insert(contentsOf: components(file.facts.names[symbol.name]), at: 0)
            place = Int(symbol.parent)
        }
        let isWithin = file.facts.symbols[ordinal].kind == .module || isInNamespace(ordinal, file)
        return isWithin ? parts : (fileNamespace(file) ?? []) + parts
    }

    /// What a place is in, as its full name: namespaces and types, without functions.
    static func surroundings(of container: Int, in file: File) -> [String] {
        var place = container
        while place >= 0 {
            let kind = file.facts.symbols[place].kind
            if kind.isType || kind == .module { return fullName(place, in: file) }
            place = Int(file.facts.symbols[place].parent)
        }
        return fileNamespace(file) ?? []
    }

    /// The symbols whose full name is the path behind one of some prefixes, of the first that has any.
    static func find(
        _ path: [String], behind prefixes: [[String]], language: String, reader: GraphReader,
        where fits: (SymbolFact) -> Bool
    ) throws(SQLiteError) -> [SymbolID]? {
        guard let name = path.last else { return nil }
        var found: [(id: SymbolID, path: String, full: [String])] = []
        for id in try reader.definitions(named: name) {
            guard let (home, fact) = try reader.symbol(id), home.language == language, fits(fact) else { continue }
            found.append((id, home.path, fullName(id.ordinal, in: home)))
        }
        // Whichever was indexed first.
        found.sort { ($0.path, $0.id.ordinal) < ($1.path, $1.id.ordinal) }
        for prefix in prefixes {
            let here = found.filter { $0.full == prefix + path }
            if !here.isEmpty { return here.map(\.id) }
        }
        return nil
    }

    /// The beginnings of a full name, the longest first, down to none.
    static func beginnings(of name: [String]) -> [[String]] {
        (0...name.count).reversed().map { Array(name.prefix($0)) }
    }

    /// The other definitions of a type or module that stands in several places.
    static func parts(of id: SymbolID, reader: GraphReader) throws(SQLiteError) -> [SymbolID] {
        guard let (file, fact) = try reader.symbol(id), let language = file.language else { return [] }
        let full = fullName(id.ordinal, in: file)
        let all = try find(full, behind: [[]], language: language, reader: reader) { $0.kind == fact.kind }
        return (all ?? []).filter { $0 != id }
    }

    static func components(_ written: String) -> [String] {
        written.split { ".\\:".contains($0) }.map(String.init)
    }

    /// The namespace that a statement at the top gives to all that follows.
    static func fileNamespace(_ file: File) -> [String]? {
        for (ordinal, symbol) in file.facts.symbols.enumerated() where symbol.kind == .module && symbol.parent < 0 {
            if file.hasMembers(ordinal) || symbol.bodyStart < symbol.end { continue }
            return components(file.facts.names[symbol.name])
        }
        return nil
    }

    private static func isInNamespace(_ ordinal: Int, _ file: File) -> Bool {
        var place = Int(file.facts.symbols[ordinal].parent)
        while place >= 0 {
            if file.facts.symbols[place].kind == .module { return true }
            place = Int(file.facts.symbols[place].parent)
        }
        return false
    }
}
