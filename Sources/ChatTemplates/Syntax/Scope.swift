/// What owns slots while names are bound: the template or a macro.
final class FunctionScope {
    let depth: Int
    private(set) var slotCount = 0

    init(depth: Int) { self.depth = depth }

    func newSlot() -> Int {
        slotCount += 1
        return slotCount - 1
    }
}

/// The variables of a scope under construction.
final class Scope {
    /// A slot of a function.
    struct Variable {
        let function: FunctionScope
        let slot: Int
    }

    enum Load {
        case parameter
        case global(String)
        case copy(Variable)
        case missing
    }

    /// What is known of the names so far; branches of an `if` work on copies.
    struct Table {
        var slots: [String: Int] = [:]
        var loads: [Int: Load] = [:]
        var stores: Set<String> = []
    }

    let parent: Scope?
    let function: FunctionScope
    private(set) var table = Table()
    /// One slot per name, whichever branch meets it first.
    private var slots: [String: Int] = [:]

    init(parent: Scope?, function: FunctionScope) {
        self.parent = parent
        self.function = function
    }

    func find(_ name: String) -> Variable? {
        if let slot = table.slots[name] { return Variable(function: function, slot: slot) }
        return parent?.find(name)
    }

    func reference(to variable: Variable) -> Reference {
        Reference(hops: function.depth - variable.function.depth, slot: variable.slot)
    }

    private func define(_ name: String, _ load: Load) {
        let slot = slots[name] ?? function.newSlot()
        slots[name] = slot
        table.slots[name] = slot
        table.loads[slot] = load
    }

    /// A name that gets its value from outside of the statements: a parameter, the variable of a loop.
    func declare(_ name: String) {
        table.stores.insert(name)
        define(name, .parameter)
    }

    private func read(_ name: String) {
        if find(name) == nil { define(name, .global(name)) }
    }

    private func store(_ name: String) {
        table.stores.insert(name)
        guard table.slots[name] == nil else { return }
        define(name, parent?.find(name).map { .copy($0) } ?? .missing)
    }

    // MARK: Collecting names

    func visit(_ expression: Expression) {
        if case .name(let name, _) = expression.kind { read(name) }
        expression.forEachChild(visit)
    }

    func visit(_ statements: [Statement]) {
        for statement in statements { visit(statement) }
    }

    private func visit(_ statement: Statement) {
        switch statement {
        case .text, .generation, .breakLoop, .continueLoop: break
        case .output(let expression): visit(expression)
        case .condition(let branches, let otherwise): visit(branches, otherwise)
        case .loop(let loop): visit(loop.iterable)
        case .assignment(let target, let value):
            visit(value)
            visit(target)
        case .blockAssignment(let block): visit(block.target)
        case .macro(let macro): macro.name.map(store)
        case .call(let block):
            visit(block.call.callee)
            block.call.arguments.forEach(visit)
        case .filter(let block): visit(block.filters)
        case .with(let block): for (_, value) in block.assignments { visit(value) }
        }
    }

    private func visit(_ target: AssignmentTarget) {
        switch target {
        case .name(let name, _, _): store(name)
        case .attribute(let name, _, _, _): read(name)
        case .tuple(let targets): for target in targets { visit(target) }
        }
    }

    private func visit(_ branches: [ConditionBranch], _ otherwise: [Statement]) {
        guard let first = branches.first else { return }
        visit(first.test)
        let body = branch { self.visit(first.body) }
        let alternatives = branch {
            for alternative in branches.dropFirst() {
                self.visit(alternative.test)
                self.merge([self.branch { self.visit(alternative.body) }])
            }
        }
        merge([body, alternatives, branch { self.visit(otherwise) }])
    }

    /// The table that results from `visits`, which leave no trace.
    private func branch(_ visits: () -> Void) -> Table {
        let original = table
        visits()
        defer { table = original }
        return table
    }

    /// Takes over what branches found. A name that only branches assign may be read where none of them ran: it starts
    /// with the value from further out.
    private func merge(_ branches: [Table]) {
        let known = table.stores
        for branch in branches {
            table.slots.merge(branch.slots) { _, new in new }
            table.loads.merge(branch.loads) { _, new in new }
            table.stores.formUnion(branch.stores)
        }
        for name in table.stores.subtracting(known) {
            guard let slot = table.slots[name] else { continue }
            table.loads[slot] = parent?.find(name).map { .copy($0) } ?? .global(name)
        }
    }
}

/// How a body first touches a name.
enum FirstUse {
    case read, stored
}

extension [Statement] {
    /// Whether the statements, nested ones included, first read or first assign `name`; nil if they do neither.
    func firstUse(of name: String) -> FirstUse? {
        for statement in self {
            if let use = statement.firstUse(of: name) { return use }
        }
        return nil
    }
}

extension Statement {
    fileprivate func firstUse(of name: String) -> FirstUse? {
        switch self {
        case .text, .breakLoop, .continueLoop: nil
        case .output(let expression): expression.firstUse(of: name)
        case .condition(let branches, let otherwise):
            branches.lazy.compactMap { $0.test.firstUse(of: name) ?? $0.body.firstUse(of: name) }.first
                ?? otherwise.firstUse(of: name)
        case .loop(let loop):
            loop.target.firstUse(of: name) ?? loop.iterable.firstUse(of: name) ?? loop.body.firstUse(of: name)
                ?? loop.otherwise.firstUse(of: name) ?? loop.condition?.firstUse(of: name)
        case .assignment(let target, let value): target.firstUse(of: name) ?? value.firstUse(of: name)
        case .blockAssignment(let block):
            block.target.firstUse(of: name) ?? block.filters?.firstUse(of: name) ?? block.body.firstUse(of: name)
        case .macro(let macro), .generation(let macro): macro.firstUse(of: name)
        case .call(let block):
            block.call.callee.firstUse(of: name) ?? block.call.arguments.firstUse(of: name)
                ?? block.caller.firstUse(of: name)
        case .filter(let block): block.body.firstUse(of: name) ?? block.filters.firstUse(of: name)
        case .with(let block):
            block.assignments.lazy.compactMap { $0.target.firstUse(of: name) }.first
                ?? block.assignments.lazy.compactMap { $0.value.firstUse(of: name) }.first
                ?? block.body.firstUse(of: name)
        }
    }
}

extension MacroDefinition {
    fileprivate func firstUse(of name: String) -> FirstUse? {
        if parameters.contains(where: { $0.name == name }) { return .stored }
        return parameters.lazy.compactMap { $0.fallback?.firstUse(of: name) }.first ?? body.firstUse(of: name)
    }
}

extension AssignmentTarget {
    fileprivate func firstUse(of name: String) -> FirstUse? {
        var stores = false
        forEachName { stored, _ in stores = stores || stored == name }
        return stores ? .stored : nil
    }
}

extension CallArguments {
    fileprivate func firstUse(of name: String) -> FirstUse? {
        var use: FirstUse?
        forEach { use = use ?? $0.firstUse(of: name) }
        return use
    }
}

extension Expression {
    fileprivate func firstUse(of name: String) -> FirstUse? {
        if case .name(let read, _) = kind { return read == name ? .read : nil }
        var use: FirstUse?
        forEachChild { use = use ?? $0.firstUse(of: name) }
        return use
    }
}
