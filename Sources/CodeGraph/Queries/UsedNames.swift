internal import SQLite

/// The names by which symbols may be used, and the files where that may be: more than those where it is so, seldom fewer.
struct UsedNames {
    private(set) var files: Set<Int> = []
    /// In all of these files.
    private var names: Set<String> = []
    /// In single files only.
    private var local: [Int: Set<String>] = [:]
    private let reader: GraphReader

    /// Variables of modules that hold a symbol are followed into this many files.
    private static let filesOfVariable = 200

    init(of symbols: [SymbolID], _ reader: GraphReader) throws(SQLiteError) {
        self.reader = reader
        var types: [SymbolID] = []
        for id in symbols {
            guard let (file, fact) = try reader.symbol(id) else { continue }
            names.insert(file.facts.names[fact.name])
            if fact.kind.isType { types.append(id) }
        }
        var waiting = names.sorted()
        while let name = waiting.popLast() {
            for id in try reader.files(mentioning: name) {
                guard let file = try reader.file(id) else { continue }
                files.insert(id)
                for other in try otherNames(of: name, in: file) where names.insert(other).inserted {
                    waiting.append(other)
                }
            }
        }
        for id in symbols { try addDefaultImports(of: id) }
        for id in types { try addOwnNames(of: id) }
    }

    func contains(_ name: String, in file: Int) -> Bool {
        names.contains(name) || (local[file]?.contains(name) ?? false)
    }

    /// Names that a file gives to what has another: those by which other files may know it.
    private mutating func otherNames(of name: String, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> [String]
    {
        let facts = file.facts
        var found: [String] = []
        for item in facts.imports where item.alias != 0 && facts.names[item.name] == name {
            found.append(facts.names[item.alias])
        }
        let bytes = Array(name.utf8)
        for binding in facts.bindings where binding.form == .assigned {
            let value = facts.names.utf8(binding.type)
            guard value.count >= bytes.count, value.suffix(bytes.count).elementsEqual(bytes) else { continue }
            if value.count > bytes.count, value[value.endIndex - bytes.count - 1] != UInt8(ascii: ".") { continue }
            let other = facts.names[binding.name]
            let isOfModule = binding.container < 0 && binding.end == 0
            if isOfModule, try reader.files(mentioning: other).count <= Self.filesOfVariable {
                found.append(other)
            } else {
                local[file.id, default: []].insert(other)
            }
        }
        return found
    }

    /// What a module exports without a name has any name where it is imported.
    private mutating func addDefaultImports(of id: SymbolID) throws(SQLiteError) {
        guard let (file, fact) = try reader.symbol(id), fact.parent < 0 else { return }
        guard let word = LanguageRules.of(file.language).defaultExport else { return }
        let isExported = file.bindings(named: word, in: -1).contains { index in
            file.facts.bindings[index].type == fact.name
        }
        guard isExported || file.facts.names[fact.name] == word else { return }
        let parts = file.path.split(separator: "/").map { String($0.prefix { $0 != "." }) }
        guard var module = parts.last else { return }
        if module == "index", parts.count > 1 { module = parts[parts.count - 2] }
        for other in try reader.files(mentioning: module) {
            guard let facts = try reader.file(other)?.facts else { continue }
            for item in facts.imports where item.name == 0 && item.alias != 0 {
                files.insert(other)
                local[other, default: []].insert(facts.names[item.alias])
            }
        }
    }

    /// A type is made by `cls()` within it and by `super()` within others.
    private mutating func addOwnNames(of id: SymbolID) throws(SQLiteError) {
        guard let home = try reader.file(id.file) else { return }
        let rules = LanguageRules.of(home.language)
        if !rules.ownTypes.isEmpty { local[id.file, default: []].formUnion(rules.ownTypes) }
        for file in files {
            for word in rules.superReceivers where !word.hasSuffix("(") { local[file, default: []].insert(word) }
        }
    }
}
