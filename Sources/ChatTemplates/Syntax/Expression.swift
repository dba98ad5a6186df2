/// A node of an expression tree. Names carry an index into the template's `Bindings`. The larger payloads are objects,
/// to keep what evaluation copies to its stack small.
final class Expression: Sendable {
    enum Kind: Sendable {
        case constant(Constant)
        case name(String, use: Int)
        case tuple([Expression])
        case list([Expression])
        case dictionary([(key: Expression, value: Expression)])
        case attribute(Expression, AttributeName)
        case item(Expression, Expression)
        case slice(Expression, start: Expression?, stop: Expression?, step: Expression?)
        case call(CallUse)
        case filter(FilterUse)
        case test(TestUse)
        case not(Expression)
        case negated(Expression)
        case unchanged(Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case arithmetic(ArithmeticOperator, Expression, Expression)
        case concatenation([Expression])
        case comparison(Expression, [Comparison])
        case conditional(test: Expression, then: Expression, otherwise: Expression?)
    }

    let kind: Kind
    /// Byte offset in the source.
    let offset: Int
    /// Height of the tree, which is limited: evaluation and release recurse.
    let depth: Int

    init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
        var deepest = 0
        Self.forEachChild(of: kind) { deepest = max(deepest, $0.depth) }
        depth = deepest + 1
    }

    func forEachChild(_ body: (Expression) -> Void) {
        Self.forEachChild(of: kind, body)
    }

    private static func forEachChild(of kind: Kind, _ body: (Expression) -> Void) {
        switch kind {
        case .constant, .name: break
        case .tuple(let items), .list(let items), .concatenation(let items): items.forEach(body)
        case .dictionary(let pairs):
            for pair in pairs {
                body(pair.key)
                body(pair.value)
            }
        case .attribute(let operand, _), .not(let operand), .negated(let operand), .unchanged(let operand):
            body(operand)
        case .item(let left, let right), .and(let left, let right), .or(let left, let right),
            .arithmetic(_, let left, let right):
            body(left)
            body(right)
        case .slice(let operand, let start, let stop, let step):
            body(operand)
            for bound in [start, stop, step] { bound.map(body) }
        case .call(let call):
            body(call.callee)
            call.arguments.forEach(body)
        case .filter(let filter):
            filter.operand.map(body)
            filter.arguments.forEach(body)
        case .test(let test):
            body(test.operand)
            test.arguments.forEach(body)
        case .comparison(let first, let rest):
            body(first)
            for link in rest { body(link.operand) }
        case .conditional(let test, let then, let otherwise):
            body(test)
            body(then)
            otherwise.map(body)
        }
    }
}

/// One link in a chain such as `a < b <= c`.
struct Comparison: Sendable {
    let comparison: ComparisonOperator
    let operand: Expression
}

enum Constant: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(Text)

    var value: Value {
        switch self {
        case .none: .none
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .text(let text): .string(text)
        }
    }
}

enum ArithmeticOperator: Sendable {
    case add, subtract, multiply, divide, floorDivide, modulo, power

    var symbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .floorDivide: "//"
        case .modulo: "%"
        case .power: "**"
        }
    }
}

enum ComparisonOperator: Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, contained, notContained
}

/// The name after a dot, with the methods it may mean, looked up once.
final class AttributeName: Sendable {
    let string: String
    let text: Text
    let textMethod: TextMethod?
    let mapMethod: MapMethod?
    let listMethod: ListMethod?

    init(_ string: String) {
        self.string = string
        text = Text(string)
        textMethod = TextMethod(rawValue: string)
        mapMethod = MapMethod(rawValue: string)
        listMethod = ListMethod(rawValue: string)
    }
}

/// The arguments as written at a call, a filter or a test.
struct CallArguments: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    var unpackedList: Expression?
    var unpackedMap: Expression?

    func forEach(_ body: (Expression) -> Void) {
        positional.forEach(body)
        for (_, value) in named { body(value) }
        unpackedList.map(body)
        unpackedMap.map(body)
    }
}

final class FilterUse: Sendable {
    let name: String
    /// Nil when the subset has no such filter.
    let filter: Filter?
    /// Nil in a filter block or block assignment, where the captured text is filtered.
    let operand: Expression?
    let arguments: CallArguments

    init(name: String, operand: Expression?, arguments: CallArguments) {
        self.name = name
        self.operand = operand
        self.arguments = arguments
        filter = Filter(rawValue: name)
    }
}

final class TestUse: Sendable {
    let name: String
    /// Nil when the subset has no such test.
    let test: ValueTest?
    let operand: Expression
    let arguments: CallArguments

    init(name: String, operand: Expression, arguments: CallArguments) {
        self.name = name
        self.operand = operand
        self.arguments = arguments
        test = ValueTest(rawValue: name)
    }
}

final class CallUse: Sendable {
    let callee: Expression
    let arguments: CallArguments

    init(callee: Expression, arguments: CallArguments) {
        self.callee = callee
        self.arguments = arguments
    }
}
