internal import SQLite

/// What functions that are handed to others are called with: `c` in `app.get("/", (c) => c.text())`.
extension Resolver {
    /// A type as it is written, and where.
    private typealias Written = (text: String, scope: Scope)

    /// What a function is called with that is handed to what an expression stands for.
    /// - Parameter index: which of its parameters, counted from 0.
    func argument(
        _ index: Int, ofFunctionHandedTo path: AccessPath, at scope: Scope
    ) throws(SQLiteError) -> Meanings {
        let methods = scope.rules.containers
        if case .member(let name)? = path.steps.last {
            let holder = AccessPath(root: path.root, steps: path.steps.dropLast())
            if methods.handingElements[name]?.contains(index) ?? false {
                let elements = try meanings(after: .element, meanings(of: holder, at: scope).containers, at: scope)
                if !elements.isEmpty { return elements.inferred }
            }
            if methods.handingResult.contains(name), index == 0 {
                let results = try meanings(of: holder, at: scope)
                if !results.isEmpty { return results.inferred }
            }
        }
        return try argument(index, ofFunctionsHandedTo: meanings(of: path, at: scope))
    }

    /// What all functions that may be handed to one of these are called with, if that is one type.
    private func argument(_ index: Int, ofFunctionsHandedTo callees: Meanings) throws(SQLiteError) -> Meanings {
        var found = Meanings(isInferred: true)
        var types: Set<SymbolID> = []
        for callee in callees.all {
            for parameter in try parameters(of: callee) {
                for signature in try signatures(ofType: parameter, depth: 0) where index < signature.count {
                    let meant = try meanings(ofType: signature[index].text, at: signature[index].scope)
                    for meaning in meant.all {
                        guard case .instance(let type) = meaning else { return .none }
                        if types.insert(type).inserted { found.all.append(meaning) }
                    }
                }
            }
        }
        return types.count == 1 ? found : .none
    }

    /// The declared types of the parameters of what is called.
    private func parameters(of callee: Meaning) throws(SQLiteError) -> [Written] {
        switch callee {
        case .function(let id, _): try declaredParameters(of: id)
        case .instance(let type): try signatures(ofType: type, depth: 0).flatMap(\.self)
        case .module, .type, .supertypes, .returning, .container: []
        }
    }

    /// The parameters of functions of a type, function by function.
    private func signatures(ofType type: Written, depth: Int) throws(SQLiteError) -> [[Written]] {
        guard depth < 6 else { return [] }
        var found: [[Written]] = []
        for form in WrittenType(type.text, wrappers: type.scope.rules.wrappers).forms.prefix(6) {
            switch form {
            case .function(_, let taken): found.append(taken.map { ($0, type.scope) })
            // Those that take as many functions as there are.
            case .container(let text): found += try signatures(ofType: (text, type.scope), depth: depth + 1)
            case .named(let path):
                for id in try types(path, at: type.scope) { found += try signatures(ofType: id, depth: depth + 1) }
            case .metatype: continue
            }
        }
        return found
    }

    private func signatures(ofType id: SymbolID, depth: Int) throws(SQLiteError) -> [[Written]] {
        guard let (file, fact) = try reader.symbol(id) else { return [] }
        if fact.kind == .typeAlias, fact.type != 0 {
            let scope = Scope(file: file, container: id.ordinal, rules: LanguageRules.of(file.language))
            return try signatures(ofType: (file.facts.names[fact.type], scope), depth: depth)
        }
        // Its own call signatures, the parameters of all of them in a row.
        return fact.kind == .interface ? [try declaredParameters(of: id)] : []
    }

    private func declaredParameters(of id: SymbolID) throws(SQLiteError) -> [Written] {
        guard let (file, fact) = try reader.symbol(id) else { return [] }
        let scope = Scope(file: file, container: id.ordinal, rules: LanguageRules.of(file.language))
        let end = fact.kind == .interface ? fact.end : fact.bodyStart
        return file.facts.bindings.lazy.filter { binding in
            Int(binding.container) == id.ordinal && binding.form == .declared && binding.type != 0
                && binding.start >= fact.start && binding.start < end
        }.prefix(64).map { (file.facts.names[$0.type], scope) }
    }
}
