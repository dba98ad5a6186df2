package import SQLite

extension GraphQueries {
    /// What makes code run, besides calls: frameworks and fields of structs.
    private static let callRoles: Set<ReferenceRole> = [.call, .construct, .slot, .route, .inject, .bind]
    /// Calls through a field are looked for where its name stands in few files; `read` may stand in thousands.
    private static let filesPerField = 24

    /// What calls these symbols, makes or decorates with them; what puts functions into fields of structs, and what calls
    /// them through these; routes that they answer, and what frameworks are told to hand over.
    package func callers(of symbols: [SymbolID]) throws(SQLiteError) -> [Use] {
        let direct = try uses(of: symbols, roles: Self.callRoles)
        var fields: Set<SymbolID> = []
        for use in direct where use.role == .slot && use.provenance < .ambiguous {
            if let field = try slot(of: use) { fields.insert(field) }
        }
        var through: [Use] = []
        for field in fields.sorted() {
            guard let (file, fact) = try reader.symbol(field) else { continue }
            let name = file.facts.names[fact.name]
            let files = try reader.files(mentioningAll: [name], limit: Self.filesPerField + 1)
            guard files.count <= Self.filesPerField else { continue }
            for var use in try uses(of: [field], roles: [.call]) {
                use.provenance = max(use.provenance, .typeInferred)
                use.note = "through \(try reader.qualifiedName(field))"
                through.append(use)
            }
        }
        return direct + through
    }

    /// What a symbol calls, itself or in the symbols within it; names that no symbol of the index has are left out. After
    /// a field of a struct that is called come the functions that are put into it, where they are few.
    package func callees(of symbol: SymbolID) throws(SQLiteError) -> [Use] {
        var found: [Use] = []
        for use in try uses(by: symbol, roles: Self.callRoles) {
            found.append(use)
            guard use.role == .call, use.provenance < .ambiguous else { continue }
            for field in use.targets {
                for var assigned in try assignments(to: field, fileLimit: Self.filesPerField) {
                    assigned.user = use.user
                    assigned.file = use.file
                    assigned.line = use.line
                    assigned.start = use.start
                    assigned.provenance = max(use.provenance, assigned.provenance)
                    assigned.note = "through \(try reader.qualifiedName(field))"
                    found.append(assigned)
                }
            }
        }
        return found
    }

    /// The functions that are put into a field of a struct; none for other symbols.
    /// - Parameter fileLimit: files that are looked at; when there are more, none is.
    func assignments(to field: SymbolID, fileLimit: Int = 4000) throws(SQLiteError) -> [Use] {
        guard let (home, fact) = try reader.symbol(field), fact.kind == .field, fact.parent >= 0 else { return [] }
        let name = home.facts.names[fact.name]
        // Whoever fills a struct says its name, or that of something that has it.
        let type = home.facts.names[home.facts.symbols[Int(fact.parent)].name]
        let files = try reader.files(mentioningAll: [name, type], limit: fileLimit + 1)
        guard files.count <= fileLimit else { return [] }
        var found: [Use] = []
        for id in files {
            guard let file = try reader.file(id) else { continue }
            for reference in file.facts.references where reference.role == .slot {
                let written = file.facts.names[reference.receiver]
                guard written.hasSuffix(name), try resolver.slot(reference, in: file) == field,
                    let meaning = try resolver.resolve(reference, in: file)
                else { continue }
                found.append(
                    Use(
                        user: field, file: id, line: Int(reference.line), start: Int(reference.start), role: .slot,
                        targets: meaning.targets, provenance: max(meaning.provenance, .typeInferred)))
            }
        }
        return found
    }

    /// Whether a use stands in a test, or in a file of tests.
    package func isInTest(_ use: Use) throws(SQLiteError) -> Bool {
        guard let file = try reader.file(use.file) else { return false }
        return file.isTestFile || (use.user.map { file.isInTest($0.ordinal) } ?? false)
    }

    /// Whether a symbol is a test, or is in one.
    package func isInTest(_ symbol: SymbolID) throws(SQLiteError) -> Bool {
        try reader.file(symbol.file)?.isInTest(symbol.ordinal) ?? false
    }

    /// What is to be said of a reference that its role does not say.
    func note(on reference: ReferenceFact, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> String? {
        let receiver = file.facts.names[reference.receiver]
        switch reference.role {
        case .slot:
            let field = try resolver.slot(reference, in: file)
            return "assigned to \(try field.map { id throws(SQLiteError) in try reader.qualifiedName(id) } ?? receiver)"
        case .bind: return receiver.isEmpty ? "bound" : "bound for \(receiver)"
        case .inject: return "injected"
        case .route: return "answers"
        default: return nil
        }
    }

    private func slot(of use: Use) throws(SQLiteError) -> SymbolID? {
        guard let file = try reader.file(use.file),
            let reference = file.facts.references.first(where: { $0.role == .slot && Int($0.start) == use.start })
        else { return nil }
        return try resolver.slot(reference, in: file)
    }
}

extension GraphReader.FactsOfFile {
    package var isTestFile: Bool { FileTraits(rawValue: traits).contains(.test) }

    package func isInTest(_ ordinal: Int) -> Bool {
        facts.isInTest(ordinal, language: language, isTestFile: isTestFile)
    }
}
