internal import SQLite

extension LanguageRules {
    /// PHP: a file says its namespace, and `use` gives names of others a short form.
    static let php: LanguageRules = {
        var rules = LanguageRules(
            family: ["php"], ownReceivers: ["$this", "self", "static"], ownTypes: ["self", "static"],
            superReceivers: ["parent"], importsModulesByName: true, separator: "\\"
        ) { (module, file, reader) throws(SQLiteError) in
            if module.hasSuffix(".php") {
                let relative = String(module.trimmingPrefix { $0 == "/" })
                let path = RepositoryPath.join(RepositoryPath.folder(of: file.path), relative)
                return try path.flatMap { path throws(SQLiteError) in try reader.fileID(path: path) }.map { [$0] } ?? []
            }
            let found = try QualifiedNames.find(
                QualifiedNames.components(module), behind: [[]], language: "php", reader: reader
            ) { $0.parent < 0 && $0.kind != .module }
            return Set(found?.map(\.file) ?? []).sorted()
        }
        rules.distrustsNames = true
        rules.namesTypesFully = true
        rules.qualifiedNames = { (path, file, container, resolver) throws(SQLiteError) in
            let facts = file.facts
            var full = path
            var prefixes = [QualifiedNames.fileNamespace(file) ?? [], []]
            let short = facts.imports.first { item in
                let known = item.alias != 0 ? item.alias : item.name != 0 ? item.name : item.module
                return facts.names[known] == path.first
            }
            if path.first?.isEmpty == true {
                full = Array(path.dropFirst())
                prefixes = [[]]
            } else if let short {
                full = QualifiedNames.components(facts.names[short.module])
                if short.name != 0 { full.append(facts.names[short.name]) }
                full += path.dropFirst()
                prefixes = [[]]
            }
            return try QualifiedNames.find(full, behind: prefixes, language: "php", reader: resolver.reader) {
                $0.parent < 0 && ($0.kind.isType || $0.kind == .function || $0.kind == .constant)
            }
        }
        return rules
    }()
}
