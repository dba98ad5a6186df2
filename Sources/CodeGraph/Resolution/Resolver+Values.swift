internal import SQLite

extension Resolver {
    /// What an expression stands for; nothing where that cannot be told.
    func meanings(of path: AccessPath, at scope: Scope) throws(SQLiteError) -> Meanings {
        try descend { () throws(SQLiteError) in
            var steps = path.steps[...]
            var found: Meanings
            switch path.root {
            // Rust's `super` is a module.
            case .supertype(let type) where !scope.rules.superReceivers.isEmpty:
                found = try supertype(of: type, at: scope)
            case .name(let name) where scope.rules.superReceivers.contains(name):
                found = try supertype(of: nil, at: scope)
            case .cast(let type):
                found = try meanings(ofType: type, at: scope).inferred
            case .name, .supertype:
                guard let name = path.root.name else { return nil }
                if let module = try module(named: name, followedBy: &steps, at: scope) {
                    found = module
                } else {
                    found = try meanings(ofName: name, at: scope)
                }
            }
            found = try meanings(after: steps, found, at: scope)
            if found.isEmpty, !found.isOutside, let name = path.root.name {
                // Namespaces stand before it.
                found = try qualified(name, followedBy: &steps, at: scope)
                found = try meanings(after: steps, found, at: scope)
            }
            return found
        } ?? .none
    }

    private func meanings(
        after steps: ArraySlice<AccessPath.Step>, _ base: Meanings, at scope: Scope
    ) throws(SQLiteError) -> Meanings {
        var found = base
        for step in steps {
            if found.isEmpty { break }
            found = try meanings(after: step, found, at: scope)
        }
        return found
    }

    private func supertype(of written: String?, at scope: Scope) throws(SQLiteError) -> Meanings {
        if let written, let path = AccessPath(written) {
            let named = try meanings(of: path, at: scope).all.compactMap(\.typeAtHand)
            if let type = named.first { return Meanings(all: [.supertypes(of: type)]) }
        }
        guard let type = try enclosingType(scope.file, scope.container) else { return .none }
        return Meanings(all: [.supertypes(of: type)])
    }

    /// A module that the file imports under its whole name, `a.b.c`; takes the steps that belong to the name.
    private func module(
        named name: String, followedBy steps: inout ArraySlice<AccessPath.Step>, at scope: Scope
    ) throws(SQLiteError) -> Meanings? {
        guard scope.rules.separator == "." else { return nil }
        let facts = scope.file.facts
        var best: (module: String, count: Int)?
        for item in facts.imports where item.name == 0 && item.alias == 0 && !item.isWildcard {
            let parts = facts.names[item.module].split(separator: ".")
            guard parts.first.map({ $0 == name }) ?? false, parts.count <= steps.count + 1 else { continue }
            let isNamed = zip(parts.dropFirst(), steps).allSatisfy { part, step in step == .member(String(part)) }
            if isNamed, parts.count > best?.count ?? 1 { best = (facts.names[item.module], parts.count) }
        }
        guard let best else { return nil }
        let files = try scope.rules.files(ofModule: best.module, from: scope.file, reader: reader)
        guard !files.isEmpty else { return nil }
        steps = steps.dropFirst(best.count - 1)
        return Meanings(all: [.module(files)])
    }

    // MARK: Names

    /// What a name stands for by itself: from the scopes around it outwards, then by imports.
    /// - Parameter skipsVariables: where only types can stand.
    func meanings(
        ofName name: String, at scope: Scope, skipsVariables: Bool = false
    ) throws(SQLiteError) -> Meanings {
        let (file, rules) = (scope.file, scope.rules)
        if rules.ownReceivers.contains(name), let type = try enclosingType(file, scope.container) {
            if !rules.ownTypes.contains(name) { return Meanings(all: [.instance(type)]) }
            if !isAssigned(name, at: scope) { return Meanings(all: [.type(type)]) }
        }
        if let mark = rules.fieldMark, name.first == mark, let type = try enclosingType(file, scope.container) {
            return try attribute(name, of: type)
        }
        switch try definition(of: name, at: scope, skipsVariables: skipsVariables) {
        case .symbols(let resolution): return try meanings(of: resolution.targets, on: nil)
        case .variable(let container):
            return try meanings(ofVariable: name, in: container, at: scope).inferred
        case .module(let files): return Meanings(all: [.module(files)])
        case .outside: return .outside
        case nil: return try meanings(ofVariable: name, in: -1, at: scope).inferred
        }
    }

    /// What the variable of a scope holds, by what was said of it last.
    func meanings(
        ofVariable name: String, in container: Int, at scope: Scope
    ) throws(SQLiteError) -> Meanings {
        let file = scope.file
        var tried = 0
        for index in visible(name, in: container, at: scope) where file.facts.bindings[index].type != 0 {
            let binding = file.facts.bindings[index]
            tried += 1
            guard tried <= 8 else { break }
            // `x = x.next()` is about the x before.
            let place = Scope(
                file: file, container: Int(binding.container), rules: scope.rules, place: Int(binding.start))
            let found = try meanings(of: binding, at: place)
            if !found.isEmpty { return found.inferred }
        }
        return .none
    }

    /// What is known of a variable at a place, the most telling first: the innermost block counts, then what is declared,
    /// then what was assigned last.
    func visible(_ name: String, in container: Int, at scope: Scope) -> [Int] {
        let all = scope.file.bindings(named: name, in: container)
        guard all.count > 1 || all.contains(where: { scope.file.facts.bindings[$0].end != 0 }) else { return all }
        var inner: [Int] = []
        var declared: [Int] = []
        var before: [Int] = []
        var after: [Int] = []
        for index in all {
            let binding = scope.file.facts.bindings[index]
            let isBefore = Int(binding.start) < scope.place
            if binding.end != 0 {
                if isBefore, scope.place < Int(binding.end) { inner.append(index) }
            } else if binding.form == .declared && binding.type != 0 {
                declared.append(index)
            } else if isBefore {
                before.append(index)
            } else {
                after.append(index)
            }
        }
        return inner.reversed() + declared + before.reversed() + after
    }

    /// Whether something is known of a variable of the symbols around.
    func isAssigned(_ name: String, at scope: Scope) -> Bool {
        var container = scope.container
        while container >= 0, scope.file.facts.symbols[container].kind.hasLocals {
            let known = scope.file.bindings(named: name, in: container)
            if known.contains(where: { scope.file.facts.bindings[$0].type != 0 }) { return true }
            container = Int(scope.file.facts.symbols[container].parent)
        }
        return false
    }

    func meanings(of binding: BindingFact, at scope: Scope) throws(SQLiteError) -> Meanings {
        let text = scope.file.facts.names[binding.type]
        if binding.form == .declared { return try meanings(ofType: text, at: scope) }
        guard isFollowable(binding, in: scope.file), let path = AccessPath(text) else { return .none }
        let value = try following(binding, in: scope.file) { () throws(SQLiteError) in
            if let index = binding.form.handedIndex { return try argument(index, ofFunctionHandedTo: path, at: scope) }
            return try meanings(of: path, at: scope)
        }
        switch binding.form {
        case .declared, .assigned, .handedFirst, .handedSecond, .handedThird: return value
        case .element: return try meanings(after: .element, value, at: scope)
        case .called: return try meanings(after: .call, value, at: scope)
        case .entered:
            let made = try meanings(after: .call, value, at: scope)
            guard let name = scope.rules.enterMember else { return made }
            // A generator that serves as a context gives its element.
            let given = try meanings(after: .element, made, at: scope)
            if case .container = made.all.first { return given }
            let entered = try meanings(after: .call, meanings(after: .member(name), made, at: scope), at: scope)
            return entered.isEmpty ? made : entered
        case .made:
            let made = try meanings(after: .call, value, at: scope)
            if !made.isEmpty { return made }
            // Rather a value than a result.
            let values = value.all.filter { if case .instance = $0 { true } else { false } }
            return Meanings(all: values, isInferred: true)
        }
    }

    // MARK: Symbols

    /// What symbols stand for that have one name.
    func meanings(of ids: [SymbolID], on type: SymbolID?) throws(SQLiteError) -> Meanings {
        var found = Meanings()
        for id in ids.prefix(8) {
            let next = try meanings(of: id, on: type)
            found.all += next.all
            found.isInferred = found.isInferred || next.isInferred
        }
        return found
    }

    /// What a symbol stands for when it is named.
    private func meanings(of id: SymbolID, on type: SymbolID?) throws(SQLiteError) -> Meanings {
        guard let (file, fact) = try reader.symbol(id) else { return .none }
        let scope = Scope(file: file, container: Int(fact.parent), rules: LanguageRules.of(file.language))
        if fact.kind.isType { return Meanings(all: [.type(id)]) }
        if fact.kind == .module { return file.hasMembers(id.ordinal) ? Meanings(all: [.type(id)]) : .none }
        if fact.kind.isCallable {
            if let made = try decorated(id, fact, at: scope) { return made }
            return Meanings(all: [.function(id, on: type)])
        }
        if fact.kind == .enumMember {
            return fact.parent >= 0
                ? Meanings(all: [.instance(SymbolID(file: id.file, ordinal: Int(fact.parent)))]) : .none
        }
        return try descend { () throws(SQLiteError) in
            if fact.type != 0 {
                let declared = try meanings(ofType: file.facts.names[fact.type], at: scope, on: type)
                if !declared.isEmpty { return declared.inferred }
            }
            if fact.kind == .property { return try meanings(returnedBy: id, on: type).inferred }
            let held = try meanings(ofVariable: file.facts.names[fact.name], in: Int(fact.parent), at: scope)
            if !held.isEmpty { return held.inferred }
            // An object that is written out.
            return file.hasMembers(id.ordinal) ? Meanings(all: [.type(id)]) : nil
        } ?? .none
    }

    /// What decorators make of a function, when that is no function.
    private func decorated(_ id: SymbolID, _ fact: SymbolFact, at scope: Scope) throws(SQLiteError) -> Meanings? {
        let facts = scope.file.facts
        guard scope.rules.decoratorsReplace,
            let outermost = facts.annotations.first(where: { Int($0.symbol) == id.ordinal }),
            let path = AccessPath(facts.names[outermost.name])
        else { return nil }
        return try descend { () throws(SQLiteError) in
            var decorator = try meanings(of: path, at: scope)
            if outermost.arguments != 0 { decorator = try meanings(after: .call, decorator, at: scope) }
            let made = try meanings(after: .call, decorator, at: scope)
            let values = made.all.filter { if case .instance = $0 { true } else { false } }
            return values.isEmpty ? nil : Meanings(all: values, isInferred: true)
        }
    }
}
