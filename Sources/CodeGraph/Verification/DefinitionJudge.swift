package import SQLite

/// Holds what a language server says of a use against what the graph says. One thread at a time.
package final class DefinitionJudge {
    private let reader: GraphReader

    /// Where a server says that a name is defined.
    package enum Place: Hashable, Sendable {
        /// A byte of a file of the index.
        case file(Int, offset: Int)
        /// - Parameter name: of the file, without its folders; nil where it has none.
        case elsewhere(name: String?)
    }

    package enum Verdict: Hashable, Sendable {
        /// Of the symbols that the graph has for it, these are meant: one thing, declared and defined perhaps.
        case confirmed([SymbolID])
        /// The server gives a choice, as for values of several types, and these are in it.
        case narrowed([SymbolID])
        /// It means something else: these symbols, or none of the index.
        case contradicted([SymbolID])
        /// What the server says does not tell.
        case unsettled
    }

    package init(_ reader: GraphReader) { self.reader = reader }

    package func judge(_ use: GraphQueries.Use, definedAt places: [Place]) throws(SQLiteError) -> Verdict {
        // What each place confirms.
        var choices: [Set<SymbolID>] = []
        var others: [SymbolID] = []
        var isUnclear = false
        for place in places {
            var confirmed: Set<SymbolID> = []
            defer { choices.append(confirmed) }
            switch place {
            case .elsewhere(let name):
                // An installed copy of the repository's own file.
                for target in use.targets where name != nil {
                    let path = try reader.file(target.file)?.path
                    if path?.split(separator: "/").last.map(String.init) == name { isUnclear = true }
                }
            case .file(let id, let offset):
                let found = try symbols(in: id, at: offset)
                if found.isEmpty, try leadsOn(id, offset) { isUnclear = true }
                for symbol in found {
                    var isKnown = false
                    for target in use.targets {
                        switch try sameness(of: target, and: symbol) {
                        case .same:
                            confirmed.insert(target)
                            isKnown = true
                        case .unclear: isUnclear = true
                        case .different: break
                        }
                    }
                    if !isKnown { others.append(symbol) }
                }
            }
        }
        let confirmed = choices.reduce(into: Set()) { $0.formUnion($1) }
        if !confirmed.isEmpty {
            let isOne = choices.dropFirst().allSatisfy { !$0.isDisjoint(with: choices[0]) }
            return isOne ? .confirmed(confirmed.sorted()) : .narrowed(confirmed.sorted())
        }
        return isUnclear ? .unsettled : .contradicted(Array(Set(others)).sorted())
    }

    // MARK: Symbols at a place

    /// The symbols whose names stand there.
    private func symbols(in id: Int, at offset: Int) throws(SQLiteError) -> [SymbolID] {
        guard let file = try reader.file(id) else { return [] }
        let text = try reader.text(id)
        guard offset < text.count else { return [] }
        var line: Int?
        var found: [SymbolID] = []
        for ordinal in file.facts.symbols.indices {
            let symbol = file.facts.symbols[ordinal]
            guard symbol.start <= offset, offset < symbol.end else { continue }
            let name = file.facts.names[symbol.name]
            guard Int(symbol.start) == offset || Self.name(name, standsAt: offset, in: text) else { continue }
            let known = line ?? text[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
            line = known
            if Int(symbol.line) == known { found.append(SymbolID(file: id, ordinal: ordinal)) }
        }
        return found
    }

    /// Whether a name as a whole stands there, perhaps behind the sign that some languages put before names.
    private static func name(_ name: String, standsAt offset: Int, in text: [UInt8]) -> Bool {
        let signs: [UInt8] = [UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"), UInt8(ascii: "`")]
        var rest = text[offset...]
        if !rest.starts(with: name.utf8) { rest = rest.drop { signs.contains($0) } }
        guard rest.starts(with: name.utf8) else { return false }
        return rest.dropFirst(name.utf8.count).first.map { !isPartOfName($0) } ?? true
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        byte | 32 >= 97 && byte | 32 <= 122 || byte >= 48 && byte <= 57 || byte == 95 || byte >= 128
    }

    /// Whether a name is imported or called there, so that the definition is yet somewhere else. In C, a function that
    /// nothing declares is declared by its first call.
    private func leadsOn(_ id: Int, _ offset: Int) throws(SQLiteError) -> Bool {
        guard let file = try reader.file(id) else { return false }
        if file.facts.references.contains(where: { $0.start == offset && $0.role != .use }) { return true }
        let text = try reader.text(id)
        guard offset < text.count else { return false }
        let word = String(decoding: text[offset...].prefix(while: Self.isPartOfName), as: UTF8.self)
        guard !word.isEmpty else { return false }
        return file.facts.imports.contains { item in
            [item.name, item.alias].contains { $0 != 0 && file.facts.names[$0] == word }
        }
    }

    // MARK: One thing, two symbols

    private enum Sameness {
        case same, different, unclear
    }

    private func sameness(of a: SymbolID, and b: SymbolID) throws(SQLiteError) -> Sameness {
        if a == b { return .same }
        guard let (fileA, factA) = try reader.symbol(a), let (fileB, factB) = try reader.symbol(b) else {
            return .different
        }
        if a.file == b.file {
            // To make an instance is to call what makes it.
            if Int(factA.parent) == b.ordinal { return Self.makes(factA, in: fileA) ? .same : .different }
            if Int(factB.parent) == a.ordinal { return Self.makes(factB, in: fileB) ? .same : .different }
            // Python's overloads, getters and setters are one function in pieces.
            if fileA.language == "python", factA.name == factB.name, factA.parent == factB.parent { return .same }
        }
        guard factA.isDeclaration != factB.isDeclaration else { return .different }
        let (declaration, definition) = factA.isDeclaration ? (b: a, a: b) : (b: b, a: a)
        return try declares(declaration, definition)
    }

    private static func makes(_ fact: SymbolFact, in file: GraphReader.FactsOfFile) -> Bool {
        let names: Set = ["__init__", "__new__", "init", "initialize", "constructor", "__construct"]
        return fact.kind == .constructor || names.contains(file.facts.names[fact.name])
    }

    /// Whether a declaration is of that definition. Unclear where it may be of several: the linker knows.
    private func declares(_ declaration: SymbolID, _ definition: SymbolID) throws(SQLiteError) -> Sameness {
        guard let (file, fact) = try reader.symbol(declaration), try isDefined(declaration, by: definition) else {
            return .different
        }
        for other in try reader.definitions(named: file.facts.names[fact.name]) where other != definition {
            guard let (_, otherFact) = try reader.symbol(other), !otherFact.isDeclaration else { continue }
            if try isDefined(declaration, by: other) { return .unclear }
        }
        return .same
    }

    private func isDefined(_ declaration: SymbolID, by definition: SymbolID) throws(SQLiteError) -> Bool {
        guard let (file, fact) = try reader.symbol(declaration), let (home, body) = try reader.symbol(definition),
            file.facts.names[fact.name] == home.facts.names[body.name], body.kind.isCallable,
            LanguageRules.of(file.language).reaches(home.language)
        else { return false }
        let (name, other) = (file.qualifiedName(declaration.ordinal), home.qualifiedName(definition.ordinal))
        guard name == other || name.hasSuffix("." + other) || other.hasSuffix("." + name) else { return false }
        // What is static is seen in its own file, and in those that include it, only.
        return declaration.file == definition.file || !body.isPrivate
    }
}
