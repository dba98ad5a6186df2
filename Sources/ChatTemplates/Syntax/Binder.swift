/// Gives names their meaning under Jinja's rules of scope.
///
/// A scope first collects what its statements read and assign, without entering nested scopes; then names are bound and
/// nested scopes treated likewise. What a scope assigns stays in it: it starts as a copy of the variable further out. So
/// an assignment within a loop is gone in the next turn, while both branches of an `if` share the scope around it.
struct Binder {
    private let source: SourceText
    private var bindings: Bindings
    private var globalIndices: [String: Int] = [:]

    static func bind(_ statements: [Statement], parser: Parser) throws(ChatTemplateError) -> Bindings {
        var binder = Binder(parser)
        let root = Scope(parent: nil, function: FunctionScope(depth: 0))
        root.visit(statements)
        try binder.bind(statements, in: root, Surroundings())
        binder.finish(root, index: parser.scopeCount)
        binder.bindings.scopes[parser.scopeCount].slotCount = root.function.slotCount
        return binder.bindings
    }

    private init(_ parser: Parser) {
        source = parser.source
        bindings = Bindings(
            references: Array(repeating: Reference(hops: 0, slot: 0), count: parser.useCount),
            scopes: Array(repeating: ScopeLayout(), count: parser.scopeCount + 1))
    }

    /// What surrounds a statement, as far as rules depend on it.
    private struct Surroundings {
        /// Within an `if`, whose unknown filters fail only when they run.
        var isConditional = false
        /// Within the body of a loop, in the same function.
        var allowsLoopControl = false
        /// Within a loop at all, where `loop` can't be assigned.
        var isInLoop = false

        var unconditional: Surroundings {
            var copy = self
            copy.isConditional = false
            return copy
        }
    }

    private mutating func global(_ name: String) -> Int {
        if let index = globalIndices[name] { return index }
        globalIndices[name] = bindings.globals.count
        bindings.globals.append(name)
        return bindings.globals.count - 1
    }

    /// Writes down the layout of a scope whose contents are bound.
    private mutating func finish(_ scope: Scope, index: Int) {
        var loads: [EntryLoad] = []
        for (slot, load) in scope.table.loads.sorted(by: { $0.key < $1.key }) {
            switch load {
            case .parameter: break
            case .global(let name): loads.append(.global(slot: slot, global(name)))
            case .copy(let variable): loads.append(.copy(slot: slot, scope.reference(to: variable)))
            case .missing: loads.append(.missing(slot: slot))
            }
        }
        bindings.scopes[index].loads = loads
        bindings.scopes[index].slots = scope.table.loads.keys.sorted()
    }

    @inline(never)
    private mutating func bind(_ name: String, use: Int, in scope: Scope) {
        // Every name was visited, so it has a variable.
        guard let variable = scope.find(name) else { return }
        bindings.references[use] = scope.reference(to: variable)
    }

    // MARK: Statements

    @inline(never)
    private mutating func bind(
        _ statements: [Statement], in scope: Scope, _ surroundings: Surroundings
    ) throws(ChatTemplateError) {
        for statement in statements { try bind(statement, in: scope, surroundings) }
    }

    @inline(never)
    private mutating func bind(
        _ statement: Statement, in scope: Scope, _ surroundings: Surroundings
    ) throws(ChatTemplateError) {
        switch statement {
        case .text: break
        case .output(let expression): try bind(expression, in: scope, surroundings.isConditional)
        case .condition(let branches, let otherwise):
            var inner = surroundings
            inner.isConditional = true
            for branch in branches {
                try bind(branch.test, in: scope, true)
                try bind(branch.body, in: scope, inner)
            }
            try bind(otherwise, in: scope, inner)
        case .loop(let loop): try bind(loop, in: scope, surroundings)
        case .assignment(let target, let value):
            try bind(value, in: scope, surroundings.isConditional)
            try bind(target, in: scope, surroundings)
        case .blockAssignment(let block):
            try bind(
                target: block.target, body: block.body, filters: block.filters, block.scope, in: scope, surroundings)
        case .macro(let macro):
            try bind(macro, in: scope, surroundings)
            bind(macro.name ?? "", use: macro.nameUse, in: scope)
        case .call(let block):
            try bind(block.call.callee, in: scope, surroundings.isConditional)
            try bind(block.call.arguments, in: scope, surroundings.isConditional)
            try bind(block.caller, in: scope, surroundings)
        case .filter(let block):
            try bind(target: nil, body: block.body, filters: block.filters, block.scope, in: scope, surroundings)
        case .with(let block):
            let inner = Scope(parent: scope, function: scope.function)
            for (target, _) in block.assignments { target.forEachName { name, _ in inner.declare(name) } }
            inner.visit(block.body)
            for (target, value) in block.assignments {
                try bind(target, in: inner, Surroundings())
                try bind(value, in: scope, surroundings.isConditional)
            }
            try bind(block.body, in: inner, surroundings.unconditional)
            finish(inner, index: block.scope)
        case .generation(let body): try bind(body, in: scope, surroundings)
        case .breakLoop(let offset), .continueLoop(let offset):
            guard surroundings.allowsLoopControl else {
                throw .syntax("'break' and 'continue' have no place outside of a loop", at: source.location(of: offset))
            }
        }
    }

    /// A block whose text is captured, filtered, and then stored or written.
    @inline(never)
    private mutating func bind(
        target: AssignmentTarget?, body: [Statement], filters: Expression?, _ index: Int, in scope: Scope,
        _ surroundings: Surroundings
    ) throws(ChatTemplateError) {
        let inner = Scope(parent: scope, function: scope.function)
        inner.visit(body)
        if let filters { inner.visit(filters) }
        try bind(body, in: inner, surroundings.unconditional)
        if let filters { try bind(filters, in: inner, false) }
        if let target { try bind(target, in: scope, surroundings) }
        finish(inner, index: index)
    }

    @inline(never)
    private mutating func bind(
        _ loop: ForLoop, in scope: Scope, _ surroundings: Surroundings
    ) throws(ChatTemplateError) {
        try bind(loop.iterable, in: scope, surroundings.isConditional)
        var inner = surroundings.unconditional
        inner.isInLoop = true

        let body = Scope(parent: scope, function: scope.function)
        if loop.body.firstUse(of: "loop") == .read {
            body.declare("loop")
            bindings.scopes[loop.scope].declaresLoop = true
        }
        loop.target.forEachName { name, _ in body.declare(name) }
        body.visit(loop.body)
        try bind(loop.target, in: body, surroundings)
        bind("loop", use: loop.loopUse, in: body)
        inner.allowsLoopControl = true
        try bind(loop.body, in: body, inner)
        finish(body, index: loop.scope)

        let test = Scope(parent: scope, function: scope.function)
        loop.conditionTarget.forEachName { name, _ in test.declare(name) }
        if let condition = loop.condition {
            test.visit(condition)
            try bind(condition, in: test, false)
        }
        try bind(loop.conditionTarget, in: test, surroundings)
        finish(test, index: loop.scope + 1)

        let otherwise = Scope(parent: scope, function: scope.function)
        otherwise.visit(loop.otherwise)
        inner.allowsLoopControl = surroundings.allowsLoopControl
        try bind(loop.otherwise, in: otherwise, inner)
        finish(otherwise, index: loop.scope + 2)
    }

    @inline(never)
    private mutating func bind(
        _ macro: MacroDefinition, in scope: Scope, _ surroundings: Surroundings
    ) throws(ChatTemplateError) {
        let function = FunctionScope(depth: scope.function.depth + 1)
        let inner = Scope(parent: scope, function: function)
        for parameter in macro.parameters { inner.declare(parameter.name) }
        for parameter in macro.parameters { if let fallback = parameter.fallback { inner.visit(fallback) } }
        inner.visit(macro.body)
        let parameterNames = Set(macro.parameters.map(\.name))
        for (name, use, path) in [
            ("caller", macro.specialUses.caller, \ScopeLayout.readsCaller),
            ("kwargs", macro.specialUses.kwargs, \ScopeLayout.readsKwargs),
            ("varargs", macro.specialUses.varargs, \ScopeLayout.readsVarargs),
        ] where macro.body.firstUse(of: name) == .read {
            if parameterNames.contains(name) {
                let declared = macro.parameters.first { $0.name == name }
                guard name != "caller" || declared?.fallback != nil else {
                    throw .syntax(
                        "the parameter 'caller' needs a default", at: source.location(of: macro.offset))
                }
                continue
            }
            inner.declare(name)
            bind(name, use: use, in: inner)
            bindings.scopes[macro.scope][keyPath: path] = true
        }
        for parameter in macro.parameters {
            bind(parameter.name, use: parameter.use, in: inner)
            if let fallback = parameter.fallback { try bind(fallback, in: inner, false) }
        }
        var surroundings = surroundings.unconditional
        surroundings.allowsLoopControl = false
        try bind(macro.body, in: inner, surroundings)
        finish(inner, index: macro.scope)
        bindings.scopes[macro.scope].slotCount = function.slotCount
    }

    @inline(never)
    private mutating func bind(
        _ target: AssignmentTarget, in scope: Scope, _ surroundings: Surroundings
    ) throws(ChatTemplateError) {
        switch target {
        case .name(let name, let use, let offset):
            if name == "loop", surroundings.isInLoop {
                throw .syntax("'loop' can't be assigned within a loop", at: source.location(of: offset))
            }
            bind(name, use: use, in: scope)
        case .attribute(let name, let use, _, _): bind(name, use: use, in: scope)
        case .tuple(let targets):
            for target in targets { try bind(target, in: scope, surroundings) }
        }
    }

    // MARK: Expressions

    @inline(never)
    private mutating func bind(_ arguments: CallArguments, in scope: Scope, _ isConditional: Bool)
        throws(ChatTemplateError)
    {
        var expressions: [Expression] = []
        arguments.forEach { expressions.append($0) }
        for expression in expressions { try bind(expression, in: scope, isConditional) }
    }

    @inline(never)
    private mutating func bind(
        _ expression: Expression, in scope: Scope, _ isConditional: Bool
    ) throws(ChatTemplateError) {
        var isConditional = isConditional
        switch expression.kind {
        case .name(let name, let use):
            return bind(name, use: use, in: scope)
        case .filter(let use) where use.filter == nil && !isConditional:
            throw .unsupported(construct: "the filter '\(use.name)'", at: source.location(of: expression.offset))
        case .test(let use) where use.test == nil && !isConditional:
            throw .unsupported(construct: "the test '\(use.name)'", at: source.location(of: expression.offset))
        case .conditional: isConditional = true
        default: break
        }
        var children: [Expression] = []
        expression.forEachChild { children.append($0) }
        for child in children { try bind(child, in: scope, isConditional) }
    }
}
