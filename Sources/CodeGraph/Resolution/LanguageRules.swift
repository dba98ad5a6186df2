internal import SQLite

/// What a language lets names mean; the rest of resolution is the same for all.
struct LanguageRules: Sendable {
    /// Languages whose symbols can be meant.
    var family: Set<String>
    /// What stands for the object at hand.
    var ownReceivers: Set<String> = ["this"]
    /// Of these, what stands for its type, and can be called to make another.
    var ownTypes: Set<String> = []
    /// What stands for its supertype; beginnings of receivers.
    var superReceivers: [String] = ["super"]
    /// `run()` within a class may mean its method.
    var seesMembersWithoutReceiver = false
    /// What is called is never a variable: these have names of their own.
    var callsNoVariables = false
    /// `store.reader` may call a method.
    var callsWithoutParentheses = false
    /// Names that begin so are fields of the object at hand.
    var fieldMark: Character?
    /// Members may stand outside their types.
    var hasOwners = false
    /// A module is all files of a folder, and members of types stand in it.
    var modulesAreFolders = false
    /// The method that is called when an object is.
    var callMember: String?
    /// The method whose result a `with` gives.
    var enterMember: String?
    /// Methods that give an element of an object: of the first its result, of others an element of their result.
    var elementMembers: [String] = []
    /// Methods of the language's own containers.
    var containers = ContainerMethods()
    /// Functions and variables may stand in blocks that are no symbols.
    var hasBlocks = false
    /// What a class implements may have members that it has not.
    var implementsMembers = true
    /// What stands above a function may make something else of it.
    var decoratorsReplace = false
    /// The name under which a module exports what is imported without one.
    var defaultExport: String?
    /// `from a import b` may import the module a.b.
    var importsModulesByName = false
    /// `module A` has methods as a class has, and may be inherited from.
    var modulesHaveMembers = false
    /// `impl A for B` and `extension B: A` stand beside B: what stands before the name is the type that has it.
    var implementsBeside = false
    /// What is called may be a macro, which a variable of that name does not hide; and no value is a macro.
    var macrosHaveOwnNames = false
    /// A name alone is little to go by: a member of one word behind something unknown is as likely the standard library's,
    /// and what stands alone is no member.
    var distrustsNames = false
    /// Types are known by imports and namespaces, and a name that these do not lead to is none of the repository's.
    var namesTypesFully = false
    /// Generic types whose members are those of what they hold, besides those of all languages.
    var wrappers: Set<String> = []
    /// Members of what such a type holds that give it again: Rust's `unwrap`.
    var passingMembers: Set<String> = []
    /// The other definitions of a type that is put together from several.
    var parts: @Sendable (SymbolID, GraphReader) throws(SQLiteError) -> [SymbolID] = { (_, _) throws(SQLiteError) in []
    }
    /// What a path of names means, or one name alone, seen from a place in a file.
    var qualifiedNames:
        (
            @Sendable (_ path: [String], _ file: GraphReader.FactsOfFile, _ container: Int, Resolver)
                throws(SQLiteError) -> [SymbolID]?
        )?
    /// How modules are put together from components.
    var separator: Character = "."
    /// The files that a module's name means, seen from a file; best first.
    var modules: @Sendable (_ module: String, _ file: GraphReader.FactsOfFile, GraphReader) throws(SQLiteError) -> [Int]
    /// What a file sees without importing it; of types only, if they alone can be meant.
    var sharedNames:
        @Sendable (_ name: String, _ isType: Bool, _ file: GraphReader.FactsOfFile, GraphReader) throws(SQLiteError) ->
            [SymbolID]? = { (_, _, _, _) throws(SQLiteError) in nil }

    /// The files of a module within another, which is one file.
    var submodule: @Sendable (_ name: String, _ path: String, GraphReader) throws(SQLiteError) -> [Int] = {
        (_, _, _) throws(SQLiteError) in []
    }
    /// Whether a module that was not found cannot be in the repository, seen from a path.
    var isOutside: @Sendable (_ module: String, _ path: String, GraphReader) throws(SQLiteError) -> Bool = {
        (_, _, _) throws(SQLiteError) in false
    }

    /// Whether a name that nothing leads to can mean a symbol of that name.
    func couldMean(
        _ fact: SymbolFact, in file: GraphReader.FactsOfFile, role: ReferenceRole, hasReceiver: Bool
    ) -> Bool {
        if fact.kind.isType { return !namesTypesFully }
        if fact.kind == .macro { return role == .call }
        let isMember = fact.owner != 0 || (fact.parent >= 0 && hasMembers(file.facts.symbols[Int(fact.parent)].kind))
        // What is only named and has no receiver is a local variable sooner than a member of something else.
        return isMember == hasReceiver || (isMember && seesMembersWithoutReceiver && role == .call)
    }

    /// Whether names are looked up in a symbol of that kind.
    func hasMembers(_ kind: SymbolKind) -> Bool { kind.isType || (modulesHaveMembers && kind == .module) }

    func reaches(_ language: String?) -> Bool { language.map { family.contains($0) } ?? false }

    func files(ofModule module: String, from file: GraphReader.FactsOfFile, reader: GraphReader) throws(SQLiteError)
        -> [Int]
    {
        try modules(module, file, reader)
    }

    /// The name by which a module is known that was imported as a whole.
    func localName(ofModule module: String) -> String {
        guard separator == "/" else { return module }
        let parts = module.split(separator: "/")
        guard let last = parts.last else { return module }
        // Go's example.org/store/v2 is the package store.
        let isVersion = last.first == "v" && last.count > 1 && last.dropFirst().allSatisfy(\.isNumber)
        return String(isVersion && parts.count > 1 ? parts[parts.count - 2] : last)
    }

    func join(_ module: String, _ name: String) -> String {
        module.hasSuffix(String(separator)) ? module + name : module + String(separator) + name
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
        case "rust": .rust
        case "swift": .swift
        case "c#": .cSharp
        case "ruby": .ruby
        case "php": .php
        case let other: .byNameOnly(other)
        }
    }

    /// Scopes, but no modules.
    private static func byNameOnly(_ language: String) -> LanguageRules {
        LanguageRules(family: [language]) { (_, _, _) throws(SQLiteError) in [] }
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
