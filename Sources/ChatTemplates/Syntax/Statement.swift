/// A statement of a template's body.
indirect enum Statement: Sendable {
    case text([UInt8])
    case output(Expression)
    case condition(branches: [ConditionBranch], otherwise: [Statement])
    case loop(ForLoop)
    case assignment(AssignmentTarget, Expression)
    case blockAssignment(BlockAssignment)
    case macro(MacroDefinition)
    case call(CallBlock)
    case filter(FilterBlock)
    case with(WithBlock)
    case generation(MacroDefinition)
    case breakLoop(offset: Int)
    case continueLoop(offset: Int)
}

struct ConditionBranch: Sendable {
    let test: Expression
    let body: [Statement]
}

indirect enum AssignmentTarget: Sendable {
    case name(String, use: Int, offset: Int)
    case attribute(ofName: String, use: Int, attribute: String, offset: Int)
    case tuple([AssignmentTarget])

    /// All names that this target stores to, with their uses.
    func forEachName(_ body: (String, Int) -> Void) {
        switch self {
        case .name(let name, let use, _): body(name, use)
        case .attribute: break
        case .tuple(let targets): for target in targets { target.forEachName(body) }
        }
    }

    func forEachAttribute(_ body: (_ name: String, _ use: Int, _ offset: Int) -> Void) {
        switch self {
        case .name: break
        case .attribute(let name, let use, _, let offset): body(name, use, offset)
        case .tuple(let targets): for target in targets { target.forEachAttribute(body) }
        }
    }
}

/// `{% for target in iterable if condition %}body{% else %}otherwise{% endfor %}`
final class ForLoop: Sendable {
    let target: AssignmentTarget
    /// The target again as the condition sees it, which runs in a scope of its own.
    let conditionTarget: AssignmentTarget
    let iterable: Expression
    let condition: Expression?
    let body: [Statement]
    let otherwise: [Statement]
    /// Index of the first of three scopes in `Bindings`: the body, the condition, `otherwise`.
    let scope: Int
    /// The use of the name `loop` that the body's scope declares.
    let loopUse: Int
    let offset: Int

    init(
        target: AssignmentTarget, conditionTarget: AssignmentTarget, iterable: Expression, condition: Expression?,
        body: [Statement], otherwise: [Statement], scope: Int, loopUse: Int, offset: Int
    ) {
        self.target = target
        self.conditionTarget = conditionTarget
        self.iterable = iterable
        self.condition = condition
        self.body = body
        self.otherwise = otherwise
        self.scope = scope
        self.loopUse = loopUse
        self.offset = offset
    }
}

/// A macro, the body of a call block, or of a `generation` block: all are functions that return text.
final class MacroDefinition: Sendable {
    struct Parameter: Sendable {
        let name: String
        let use: Int
        let fallback: Expression?
    }

    /// Nil for the body of a block.
    let name: String?
    let nameUse: Int
    let parameters: [Parameter]
    let body: [Statement]
    let scope: Int
    /// Uses of the names `caller`, `kwargs` and `varargs`, which the scope declares if the body reads them.
    let specialUses: (caller: Int, kwargs: Int, varargs: Int)
    let offset: Int

    init(
        name: String?, nameUse: Int, parameters: [Parameter], body: [Statement], scope: Int,
        specialUses: (caller: Int, kwargs: Int, varargs: Int), offset: Int
    ) {
        self.name = name
        self.nameUse = nameUse
        self.parameters = parameters
        self.body = body
        self.scope = scope
        self.specialUses = specialUses
        self.offset = offset
    }
}

/// `{% set target | filters %}body{% endset %}`
struct BlockAssignment: Sendable {
    let target: AssignmentTarget
    let filters: Expression?
    let body: [Statement]
    let scope: Int
}

/// `{% call(parameters) callee(arguments) %}body{% endcall %}`
struct CallBlock: Sendable {
    let call: CallUse
    let caller: MacroDefinition
    let offset: Int
}

/// `{% filter filters %}body{% endfilter %}`
struct FilterBlock: Sendable {
    let filters: Expression
    let body: [Statement]
    let scope: Int
}

/// `{% with name = value, ... %}body{% endwith %}`
struct WithBlock: Sendable {
    let assignments: [(target: AssignmentTarget, value: Expression)]
    let body: [Statement]
    let scope: Int
}
