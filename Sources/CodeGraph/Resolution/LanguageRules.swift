internal import SQLite

/// What a language lets names mean; the rest of resolution is the same for all.
struct LanguageRules: Sendable {
    /// Languages whose symbols can be meant.
    var family: Set<String>
    /// What stands for the object at hand.
    var ownReceivers: Set<String> = ["this"]
    /// What stands for its supertype; beginnings of receivers.
    var superReceivers: [String] = ["super"]
    /// `run()` within a class may mean its method.
    var seesMembersWithoutReceiver = false
    /// Members may stand outside their types.
    var hasOwners = false
    /// `from a import b` may import the module a.b.
    var importsModulesByName = false
    /// How modules are put together from components.
    var separator: Character = "."
    /// The files that a module's name means, seen from a file; best first.
    var modules: @Sendable (_ module: String, _ file: GraphReader.FactsOfFile, GraphReader) throws(SQLiteError) -> [Int]
    /// What a file sees without importing it.
    var sharedNames:
        @Sendable (_ name: String, _ file: GraphReader.FactsOfFile, GraphReader) throws(SQLiteError) -> [SymbolID]? = {
            (_, _, _) throws(SQLiteError) in nil
        }

    func reaches(_ language: String?) -> Bool { language.map { family.contains($0) } ?? false }

    func files(ofModule module: String, from file: GraphReader.FactsOfFile, reader: GraphReader) throws(SQLiteError)
        -> [Int]
    {
        try modules(module, file, reader)
    }

    func shared(
        _ name: String, in file: GraphReader.FactsOfFile, reader: GraphReader
    ) throws(SQLiteError) -> [SymbolID]? {
        try sharedNames(name, file, reader)
    }

    /// The name by which a module is known that was imported as a whole.
    func localName(ofModule module: String) -> String {
        separator == "/" ? module.split(separator: "/").last.map(String.init) ?? module : module
    }

    func join(_ module: String, _ name: String) -> String {
        module.hasSuffix(String(separator)) ? module + name : module + String(separator) + name
    }

    /// The components of a type as it is written, without pointers, quotes, optionals and parameters: `store.Item`.
    func typePath(_ written: String) -> [String] {
        var text = Substring(written)
        for wrapper in ["Optional[", "typing.Optional[", "const ", "struct ", "readonly ", "final ", "new "]
        where text.hasPrefix(wrapper) {
            text = text.dropFirst(wrapper.count)
        }
        text = text.drop { "*&\"' \t(".contains($0) }
        let end = text.firstIndex { !($0.isLetter || $0.isNumber || "_.$:".contains($0)) } ?? text.endIndex
        return text[..<end].split { $0 == "." || $0 == ":" }.map(String.init)
    }
}

extension LanguageRules {
    static func of(_ language: String?) -> LanguageRules {
        switch language ?? "" {
        case "python": .python
        case "c", "c++": .c
        case "javascript", "typescript", "tsx": .javaScript
        case "go": .go
        case "java", "kotlin", "scala": .java
        case let other: .byNameOnly(other)
        }
    }

    /// Scopes and classes, but no modules.
    private static func byNameOnly(_ language: String) -> LanguageRules {
        LanguageRules(
            family: [language], ownReceivers: ["self", "this", "Self", "$this"],
            superReceivers: ["super", "base", "parent"],
            seesMembersWithoutReceiver: ["swift", "c#", "ruby"].contains(language),
            hasOwners: ["rust", "swift"].contains(language)
        ) { (_, _, _) throws(SQLiteError) in [] }
    }
}

/// Paths of files in a repository.
enum RepositoryPath {
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }

    /// Nil when the dots lead out of the repository.
    static func join(_ folder: String, _ relative: String) -> String? {
        var parts = folder.split(separator: "/").map(String.init)
        for part in relative.split(separator: "/") {
            switch part {
            case ".": continue
            case "..":
                if parts.popLast() == nil { return nil }
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}
