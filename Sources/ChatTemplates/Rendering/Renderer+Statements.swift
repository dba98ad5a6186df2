extension Renderer {
    func nested<Result>(_ body: () throws(RenderFailure) -> Result) throws(RenderFailure) -> Result {
        try descend()
        defer { depth -= 1 }
        return try body()
    }

    @inline(never)
    func execute(_ statements: [Statement]) throws(RenderFailure) -> Flow {
        try descend()
        defer { depth -= 1 }
        for statement in statements {
            try charge()
            let flow = try execute(statement)
            if flow != .normal { return flow }
        }
        return .normal
    }

    @inline(never)
    private func execute(_ statement: Statement) throws(RenderFailure) -> Flow {
        switch statement {
        case .text(let bytes):
            try write(bytes)
            return .normal
        case .output(let expression):
            try executeOutput(expression)
            return .normal
        case .condition(let branches, let otherwise): return try executeCondition(branches, otherwise)
        case .loop(let loop): return try execute(loop)
        case .assignment(let target, let expression):
            try executeAssignment(target, expression)
            return .normal
        case .blockAssignment(let block): return try execute(block)
        case .macro(let definition):
            // The macro sees the variables it is defined among, and is one of them.
            try retain(activation)
            setValue(.macro(MacroValue(definition, captured: activation)), use: definition.nameUse)
            return .normal
        case .call(let block):
            try execute(block)
            return .normal
        case .filter(let block): return try execute(block)
        case .with(let block): return try execute(block)
        case .generation(let definition):
            try executeGeneration(definition)
            return .normal
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
    }

    @inline(never)
    private func executeAssignment(_ target: AssignmentTarget, _ expression: Expression) throws(RenderFailure) {
        try requireNamespaces(target)
        try assign(try evaluate(expression), to: target)
    }

    @inline(never)
    private func executeGeneration(_ definition: MacroDefinition) throws(RenderFailure) {
        try retain(activation)
        try write(try invoke(MacroValue(definition, captured: activation), Arguments()).bytes)
    }

    @inline(never)
    private func executeOutput(_ expression: Expression) throws(RenderFailure) {
        switch try evaluate(expression) {
        case .string(let text): try write(text.bytes)
        case let value: try write(try string(value).bytes)
        }
    }

    @inline(never)
    private func executeCondition(
        _ branches: [ConditionBranch], _ otherwise: [Statement]
    ) throws(RenderFailure) -> Flow {
        for branch in branches where try evaluate(branch.test).isTrue { return try execute(branch.body) }
        return try execute(otherwise)
    }

    // MARK: Assignment

    private func requireNamespaces(_ target: AssignmentTarget) throws(RenderFailure) {
        var problem: (name: String, offset: Int)?
        target.forEachAttribute { name, use, offset in
            if case .namespace = value(of: bindings.references[use]) { return }
            problem = problem ?? (name, offset)
        }
        guard let problem else { return }
        offset = problem.offset
        throw .evaluation("'\(problem.name)' is no namespace, so its attributes can't be assigned")
    }

    func assign(_ value: Value, to target: AssignmentTarget) throws(RenderFailure) {
        switch target {
        case .name(_, let use, _): setValue(value, use: use)
        case .attribute(_, let use, let attribute, let offset):
            guard case .namespace(let namespace) = self.value(of: bindings.references[use]) else { return }
            self.offset = offset
            try requirePublic(attribute)
            namespace.attributes.setValue(value, forText: Text(attribute))
        case .tuple(let targets):
            let items = try self.items(of: value)
            guard items.count == targets.count else {
                throw .evaluation("\(items.count) values can't be unpacked into \(targets.count) variables")
            }
            for (target, item) in zip(targets, items) { try assign(item, to: target) }
        }
    }

    /// Attributes of namespaces don't begin with an underscore.
    func requirePublic(_ name: String) throws(RenderFailure) {
        guard !name.hasPrefix("_") else {
            throw .evaluation("the attribute '\(name)' of a namespace begins with an underscore")
        }
    }

    // MARK: Loops

    @inline(never)
    private func execute(_ loop: ForLoop) throws(RenderFailure) -> Flow {
        var iterator = try makeIterator(try evaluate(loop.iterable))
        if let condition = loop.condition {
            let scope = bindings.scopes[loop.scope + 1]
            let home = activation
            iterator = try ValueIterator(filtering: iterator) { [unowned self] (item) throws(RenderFailure) in
                let outer = activation
                activation = home
                defer { activation = outer }
                try assign(item, to: loop.conditionTarget)
                try enter(scope)
                return try evaluate(condition).isTrue
            }
        }
        let scope = bindings.scopes[loop.scope]
        let state = scope.declaresLoop ? LoopValue(iterator) : nil
        let ranToEnd = try runTurns(of: loop, iterator, state, scope)
        guard !ranToEnd, !loop.otherwise.isEmpty else { return .normal }
        let otherwise = bindings.scopes[loop.scope + 2]
        try enter(otherwise)
        defer { leave(otherwise) }
        return try execute(loop.otherwise)
    }

    /// Whether a turn ran to the end of the body. As in Jinja, only that keeps `else` from running.
    @inline(never)
    private func runTurns(
        of loop: ForLoop, _ iterator: ValueIterator, _ state: LoopValue?, _ scope: ScopeLayout
    ) throws(RenderFailure) -> Bool {
        defer { leave(scope) }
        var ranToEnd = false
        while true {
            offset = loop.offset
            guard let item = try state == nil ? iterator.next(self) : state?.advance(self) else { return ranToEnd }
            try charge()
            try assign(item, to: loop.target)
            if let state { setValue(.loop(state), use: loop.loopUse) }
            try enter(scope)
            switch try execute(loop.body) {
            case .normal: ranToEnd = true
            case .continueLoop: continue
            case .breakLoop: return ranToEnd
            }
        }
    }

    // MARK: Blocks

    @inline(never)
    private func execute(_ block: BlockAssignment) throws(RenderFailure) -> Flow {
        let scope = bindings.scopes[block.scope]
        try enter(scope)
        defer { leave(scope) }
        let (flow, text) = try capture { () throws(RenderFailure) in try execute(block.body) }
        guard flow == .normal else { return flow }
        let value = try block.filters.map { (filters) throws(RenderFailure) in
            try evaluate(filters, captured: text)
        }
        try requireNamespaces(block.target)
        try assign(value ?? .string(text), to: block.target)
        return .normal
    }

    @inline(never)
    private func execute(_ block: FilterBlock) throws(RenderFailure) -> Flow {
        let scope = bindings.scopes[block.scope]
        try enter(scope)
        defer { leave(scope) }
        let (flow, text) = try capture { () throws(RenderFailure) in try execute(block.body) }
        guard flow == .normal else { return flow }
        try write(try string(try evaluate(block.filters, captured: text)).bytes)
        return .normal
    }

    /// A chain of filters on a captured text.
    @inline(never)
    private func evaluate(_ filters: Expression, captured: Text) throws(RenderFailure) -> Value {
        guard case .filter(let use) = filters.kind else { return .string(captured) }
        let operand = try use.operand.map { (inner) throws(RenderFailure) in try evaluate(inner, captured: captured) }
        return try apply(use, to: operand ?? .string(captured), at: filters.offset)
    }

    @inline(never)
    private func execute(_ block: WithBlock) throws(RenderFailure) -> Flow {
        let scope = bindings.scopes[block.scope]
        try enter(scope)
        defer { leave(scope) }
        for (target, value) in block.assignments { try assign(try evaluate(value), to: target) }
        return try execute(block.body)
    }

    @inline(never)
    private func execute(_ block: CallBlock) throws(RenderFailure) {
        let callee = try evaluate(block.call.callee)
        var arguments = try evaluate(block.call.arguments)
        try retain(activation)
        arguments.named.append(("caller", .macro(MacroValue(block.caller, captured: activation))))
        offset = block.offset
        try write(try string(try call(callee, arguments)).bytes)
    }
}
