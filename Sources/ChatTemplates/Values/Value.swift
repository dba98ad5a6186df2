/// What an expression evaluates to. Containers have identity, as in Python: `list.append` is seen by every holder.
///
/// Values live within one render and never leave it; `TemplateValue` is what comes in.
enum Value {
    case undefined(UndefinedOrigin)
    case none
    case bool(Bool)
    case int(Int)
    /// Digits of an integer beyond 64 bits.
    case largeInteger(Text)
    case float(Double)
    case string(Text)
    case list(ListValue)
    case tuple(ListValue)
    case map(MapValue)
    case view(MapView)
    case range(RangeValue)
    /// What `map`, `select` and their like return: can be walked once.
    case iterator(ValueIterator)
    case namespace(NamespaceValue)
    case loop(LoopValue)
    case macro(MacroValue)
    case method(MethodValue)
    case function(Function)

    static func text(_ bytes: [UInt8]) -> Value { .string(Text(bytes)) }

    var isUndefined: Bool {
        if case .undefined = self { true } else { false }
    }

    /// How many containers deep this value is, as far as it matters for releasing it: 0 for what the renderer retains.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list): list.depth
        case .map(let map): map.depth
        case .view(let view): view.map.depth + 1
        case .iterator(let iterator): iterator.depth
        case .loop(let loop): loop.depth
        case .method(let method): method.receiver.depth + 1
        default: 0
        }
    }

    /// The name of the Python type, as messages print it.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .int, .largeInteger: "int"
        case .float: "float"
        case .string(let text): text.isMarkup ? "Markup" : "str"
        case .list: "list"
        case .tuple: "tuple"
        case .map: "dict"
        case .view(let view): view.kind.typeName
        case .range: "range"
        case .iterator: "generator"
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .macro: "Macro"
        case .method: "method"
        case .function: "function"
        }
    }

    /// Python's truth value.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let list), .tuple(let list): !list.items.isEmpty
        case .map(let map): map.count > 0
        case .view(let view): view.map.count > 0
        case .range(let range): range.count > 0
        case .largeInteger, .iterator, .namespace, .loop, .macro, .method, .function: true
        }
    }
}

/// Where an undefined value came from; its message is made when somebody uses it.
enum UndefinedOrigin {
    case variable(String)
    case attribute(String, ofType: String)
    case element(String, ofType: String)
    case other(String)

    static func attribute(_ name: String, of value: Value) -> UndefinedOrigin {
        .attribute(name, ofType: value.typeName)
    }

    var problem: String {
        switch self {
        case .variable(let name): "'\(name)' is undefined"
        case .attribute(let name, ofType: "NoneType"): "'None' has no attribute '\(name)'"
        case .attribute(let name, let type): "'\(type) object' has no attribute '\(name)'"
        case .element(let key, let type): "\(type) object has no element \(key)"
        case .other(let problem): problem
        }
    }

    var failure: RenderFailure { .undefined(problem) }
}

/// A list, or the items of a tuple.
final class ListValue {
    var items: [Value]
    let depth: Int

    init(_ items: [Value]) {
        self.items = items
        var deepest = 0
        for item in items { deepest = max(deepest, item.depth) }
        depth = deepest + 1
    }
}

/// `range(start, stop, step)`: lazy, since a template may count to 100,000 and look at one number.
final class RangeValue {
    let start: Int
    let stop: Int
    let step: Int
    let count: Int

    /// - Parameter step: not 0. The magnitudes are such that the count fits; see `Function.range`.
    init(start: Int, stop: Int, step: Int, count: Int) {
        (self.start, self.stop, self.step, self.count) = (start, stop, step, count)
    }

    subscript(index: Int) -> Int { start &+ index &* step }
}

/// `namespace(...)`: attributes that survive the scope they are set in.
final class NamespaceValue {
    let attributes: MapValue

    init(_ attributes: MapValue) { self.attributes = attributes }
}

/// A macro, or the body of a call block, with the variables it sees.
final class MacroValue {
    let definition: MacroDefinition
    let captured: Activation

    init(_ definition: MacroDefinition, captured: Activation) {
        self.definition = definition
        self.captured = captured
    }
}

/// A method bound to its receiver.
final class MethodValue {
    enum Name {
        case text(TextMethod)
        case map(MapMethod)
        case list(ListMethod)
        case loop(LoopMethod)
        /// `dict.fromkeys`
        case fromKeys
    }

    let receiver: Value
    let name: Name

    init(_ name: Name, of receiver: Value) {
        self.name = name
        self.receiver = receiver
    }
}

/// The variables of one call: the template's top level, or one run of a macro.
final class Activation {
    /// Nil is Jinja's `missing`.
    var slots: [Value?]
    let parent: Activation?

    init(slotCount: Int, parent: Activation?) {
        slots = Array(repeating: nil, count: slotCount)
        self.parent = parent
    }
}
