internal import SQLite

extension Resolver {
    /// What names mean together that stand one behind the other, as namespaces, modules and types: `a::b::Store`. As many
    /// as can be are taken from the steps.
    func qualified(
        _ name: String, followedBy steps: inout ArraySlice<AccessPath.Step>, at scope: Scope
    ) throws(SQLiteError) -> Meanings {
        guard let find = scope.rules.qualifiedNames else { return .none }
        var path = [name]
        for step in steps {
            guard case .member(let next) = step else { break }
            path.append(next)
        }
        for count in stride(from: path.count, to: 1, by: -1) {
            guard let found = try find(Array(path.prefix(count)), scope.file, scope.container, self) else { continue }
            steps = steps.dropFirst(count - 1)
            return try meanings(of: found, on: nil)
        }
        return .none
    }

    /// Member of member of some types.
    func members(
        _ path: ArraySlice<String>, of types: [SymbolID], rules: LanguageRules
    ) throws(SQLiteError) -> [SymbolID]? {
        var found = types
        for name in path {
            var next: [SymbolID] = []
            for type in found {
                guard let (_, fact) = try reader.symbol(type), rules.hasMembers(fact.kind) else { continue }
                next += try member(name, ofType: type) ?? []
                if !next.isEmpty { break }
            }
            if next.isEmpty { return nil }
            found = next
        }
        return found
    }
}
