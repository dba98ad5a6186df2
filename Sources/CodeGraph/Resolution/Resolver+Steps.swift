internal import SQLite

extension Resolver {
    /// What a member of something stands for, or what its call gives.
    func meanings(after step: AccessPath.Step, _ base: Meanings, at scope: Scope) throws(SQLiteError) -> Meanings {
        var found = Meanings(isInferred: base.isInferred)
        for meaning in base.all {
            let next: Meanings
            switch step {
            case .member(let name):
                if let targets = try targets(named: name, of: meaning, at: scope) {
                    let meant = try meanings(of: targets, on: meaning.typeAtHand)
                    // A field may say nothing of its type where methods do.
                    next = try meant.isEmpty ? attribute(name, of: meaning, at: scope) : meant
                } else {
                    next = try attribute(name, of: meaning, at: scope)
                }
            case .call: next = try result(of: meaning, at: scope).inferred
            case .element: next = try element(of: meaning, at: scope)
            case .cast(let type): next = try meanings(ofType: type, at: scope).inferred
            }
            found.all += next.all
            found.isInferred = found.isInferred || next.isInferred
            if found.all.count > 8 { break }
        }
        return found
    }

    /// The symbols that a name behind a dot means.
    func targets(
        named name: String, of meaning: Meaning, at scope: Scope
    ) throws(SQLiteError) -> [SymbolID]? {
        switch meaning {
        case .module(let files):
            var found: [SymbolID] = []
            for file in files {
                if case .symbols(let own) = try exported(name, by: file, rules: scope.rules, depth: 0) {
                    found += own.targets
                    if !scope.rules.modulesAreFolders { break }
                }
            }
            return found.isEmpty ? nil : found
        case .type(let type), .instance(let type): return try member(name, ofType: type)
        case .supertypes(let type): return try member(name, ofType: type, skipsOwn: true)
        case .function, .returning, .container: return nil
        }
    }

    /// What is no symbol: modules within modules, and attributes that methods set.
    private func attribute(_ name: String, of meaning: Meaning, at scope: Scope) throws(SQLiteError) -> Meanings {
        switch meaning {
        case .module(let files):
            for file in files {
                if case .module(let inner) = try exported(name, by: file, rules: scope.rules, depth: 0) {
                    return Meanings(all: [.module(inner)])
                }
                guard let path = try reader.file(file)?.path else { continue }
                let inner = try scope.rules.submodule(name, path, reader)
                if !inner.isEmpty { return Meanings(all: [.module(inner)]) }
            }
            return .none
        case .instance(let type) where scope.rules.passingMembers.contains(name):
            guard let (file, _) = try reader.symbol(type) else { return .none }
            let home = Scope(file: file, container: type.ordinal, rules: scope.rules)
            return Meanings(all: [.returning("Self", home)], isInferred: true)
        case .type(let type), .instance(let type), .supertypes(let type): return try attribute(name, of: type)
        case .function where scope.rules.callsWithoutParentheses:
            return try meanings(after: .member(name), result(of: meaning, at: scope), at: scope)
        case .container(let text, let home):
            let methods = scope.rules.containers
            if methods.givingElement.contains(name) { return Meanings(all: [.returning(text, home)], isInferred: true) }
            guard methods.givingContainer.contains(name) else { return .none }
            return Meanings(all: [.returning("(\(text))[]", home)], isInferred: true)
        case .function, .returning: return .none
        }
    }

    /// What methods of a type set on the object at hand: `self.name = name`.
    func attribute(_ name: String, of type: SymbolID) throws(SQLiteError) -> Meanings {
        var found = Meanings.none
        try forEachType(from: type) { (parts) throws(SQLiteError) in
            for (id, file) in parts {
                let rules = LanguageRules.of(file.language)
                for index in bindings(ofAttribute: name, in: file, rules: rules) {
                    let binding = file.facts.bindings[index]
                    let container = Int(binding.container)
                    guard binding.type != 0, try enclosingType(file, container) == id else { continue }
                    let place = Scope(file: file, container: container, rules: rules, place: Int(binding.start))
                    found = try descend { () throws(SQLiteError) in try meanings(of: binding, at: place) } ?? .none
                    if !found.isEmpty { return true }
                }
            }
            return false
        }
        return found.inferred
    }

    private func bindings(ofAttribute name: String, in file: GraphReader.FactsOfFile, rules: LanguageRules) -> [Int] {
        if let mark = rules.fieldMark, name.first == mark { return file.bindings(named: name) }
        return rules.ownReceivers.sorted().flatMap { receiver in
            file.bindings(named: receiver + "." + name) + file.bindings(named: receiver + "->" + name)
        }
    }

    private func result(of meaning: Meaning, at scope: Scope) throws(SQLiteError) -> Meanings {
        switch meaning {
        case .type(let type): return Meanings(all: [.instance(type)])
        case .function(let id, let type):
            if let (_, fact) = try reader.symbol(id), fact.kind == .constructor, fact.parent >= 0 {
                return Meanings(all: [.instance(SymbolID(file: id.file, ordinal: Int(fact.parent)))])
            }
            return try meanings(returnedBy: id, on: type)
        case .returning(let text, let home): return try meanings(ofType: text, at: home)
        case .instance(let type):
            guard let name = scope.rules.callMember, let called = try member(name, ofType: type)?.first else {
                return .none
            }
            return try meanings(returnedBy: called, on: type)
        case .module, .supertypes, .container: return .none
        }
    }

    private func element(of meaning: Meaning, at scope: Scope) throws(SQLiteError) -> Meanings {
        switch meaning {
        case .container(let text, let home): return try meanings(ofType: text, at: home)
        // Generic types and functions with their arguments.
        case .type, .function: return Meanings(all: [meaning])
        case .instance(let type):
            for name in scope.rules.elementMembers {
                guard let method = try member(name, ofType: type)?.first else { continue }
                let given = try meanings(returnedBy: method, on: type)
                return name == scope.rules.elementMembers.first
                    ? given : try meanings(after: .element, given, at: scope)
            }
            return .none
        case .module, .supertypes, .returning: return .none
        }
    }

    /// What a function returns: as it is declared, else by what stands behind `return`.
    func meanings(returnedBy id: SymbolID, on type: SymbolID?) throws(SQLiteError) -> Meanings {
        guard let (file, fact) = try reader.symbol(id) else { return .none }
        let rules = LanguageRules.of(file.language)
        return try descend { () throws(SQLiteError) in
            if fact.type != 0 {
                let scope = Scope(file: file, container: id.ordinal, rules: rules)
                return try meanings(ofType: file.facts.names[fact.type], at: scope, on: type)
            }
            let scope = Scope(file: file, container: id.ordinal, rules: rules)
            for word in ["return", "=>"] {
                let found = try meanings(ofVariable: word, in: id.ordinal, at: scope)
                if !found.isEmpty { return found }
            }
            return nil
        } ?? .none
    }

    // MARK: Types

    /// What values of a type are, as it is written.
    /// - Parameter own: the type that is meant by `Self`.
    func meanings(ofType written: String, at scope: Scope, on own: SymbolID? = nil) throws(SQLiteError) -> Meanings {
        var found = Meanings()
        for form in WrittenType(written, wrappers: scope.rules.wrappers).forms.prefix(6) {
            switch form {
            case .container(let text): found.all.append(.container(text, scope))
            case .function(let text, _): found.all.append(.returning(text, scope))
            case .metatype(let text):
                let named = try descend { () throws(SQLiteError) in
                    try meanings(ofType: text, at: scope, on: own)
                }
                for case .instance(let type) in named?.all ?? [] { found.all.append(.type(type)) }
            case .named(let path):
                if path.count == 1, ["Self", "self", "this", "static"].contains(path[0]) {
                    let around = try enclosingType(scope.file, scope.container)
                    if let type = own ?? around { found.all.append(.instance(type)) }
                    continue
                }
                found.all += try types(path, at: scope).map { .instance($0) }
            }
        }
        return found
    }

    /// The types that a name means; what an alias stands for in its place.
    func types(_ path: [String], at scope: Scope) throws(SQLiteError) -> [SymbolID] {
        guard let first = path.first else { return [] }
        var found =
            try descend { () throws(SQLiteError) in
                try meanings(ofName: first, at: scope, skipsVariables: true)
            } ?? .none
        for name in path.dropFirst() { found = try meanings(after: .member(name), found, at: scope) }
        if found.isEmpty, !found.isOutside, path.count > 1 {
            var steps: ArraySlice<AccessPath.Step> = []
            for name in path.dropFirst() { steps.append(.member(name)) }
            found = try qualified(first, followedBy: &steps, at: scope)
            for step in steps { found = try meanings(after: step, found, at: scope) }
        }
        return found.all.compactMap { meaning in
            if case .type(let type) = meaning { type } else { nil }
        }
    }
}
