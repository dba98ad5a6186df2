/// One run of a template: its variables, the text so far, and what it may still consume.
final class Renderer {
    let bindings: Bindings
    let context: TemplateMap
    let limits: TemplateLimits
    let clock: TemplateClock

    /// The place in the source that errors are reported at: that of the node evaluated last.
    var offset = 0
    /// Text of the innermost capture, or of the whole.
    var output: [UInt8] = []
    var activation: Activation
    var depth = 0
    private let stackStart = Renderer.stackPosition()
    private var remainingSteps: Int
    /// Values of names that come from outside, converted when first read.
    private var globals: [Value?]
    /// Objects that can be part of reference cycles. They are emptied when the render ends.
    private var retained: [AnyObject] = []

    init(bindings: Bindings, context: TemplateMap, limits: TemplateLimits, clock: TemplateClock) {
        self.bindings = bindings
        self.context = context
        self.limits = limits
        self.clock = clock
        remainingSteps = limits.steps
        globals = Array(repeating: nil, count: bindings.globals.count)
        activation = Activation(slotCount: bindings.root.slotCount, parent: nil)
    }

    func run(_ statements: [Statement]) throws(RenderFailure) -> [UInt8] {
        defer { breakCycles() }
        try enter(bindings.root)
        _ = try execute(statements)
        return output
    }

    // MARK: Limits

    /// Enters a level of nested evaluation, which its caller leaves with `depth -= 1`.
    func descend() throws(RenderFailure) {
        // The count keeps the limit the same everywhere; the bytes keep any stack from overflowing.
        guard depth < limits.evaluationDepth, stackUse < Self.stackLimit else {
            throw .exhausted(.evaluationDepth(limit: limits.evaluationDepth))
        }
        depth += 1
    }

    /// Bytes of stack that nested evaluation may use. Concurrency pools have threads with 512 KiB.
    private static let stackLimit = 288 << 10

    /// Bytes of stack between the start of the render and here.
    private var stackUse: UInt {
        let (start, here) = (stackStart, Self.stackPosition())
        return start > here ? start - here : here - start
    }

    @inline(never)
    private static func stackPosition() -> UInt {
        var marker: UInt8 = 0
        return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    }

    func charge(_ steps: Int = 1) throws(RenderFailure) {
        remainingSteps -= steps
        if remainingSteps < 0 { throw .exhausted(.steps(limit: limits.steps)) }
    }

    /// Pays for a text about to be made.
    func charge(bytes count: Int) throws(RenderFailure) {
        guard count <= limits.textBytes else { throw .exhausted(.textBytes(limit: limits.textBytes)) }
        try charge(1 + count >> 3)
    }

    /// Bytes that a single text may still have: what the limits and the remaining steps allow.
    var textBudget: Int { min(limits.textBytes, remainingSteps << 3) }

    /// A string made by the template.
    func made(_ text: Text) throws(RenderFailure) -> Value {
        try charge(bytes: text.bytes.count)
        return .string(text)
    }

    /// A list made by the template. Its nesting is limited, since releasing nested values recurses.
    func list(_ items: [Value]) throws(RenderFailure) -> ListValue {
        try charge(1 + items.count)
        let list = ListValue(items)
        try check(depth: list.depth)
        return list
    }

    func check(depth: Int) throws(RenderFailure) {
        guard depth <= Value.traversalLimit else { throw Value.tooDeep }
    }

    // MARK: Cycles

    /// Keeps an object that may come to refer to itself until the render ends.
    func retain(_ object: AnyObject) throws(RenderFailure) {
        try charge(4)
        if retained.last !== object { retained.append(object) }
    }

    private func breakCycles() {
        // One object at a time, each still held by the list, so that no release recurses through a long chain.
        for object in retained {
            switch object {
            case let activation as Activation: activation.slots = []
            case let list as ListValue: list.items = []
            case let map as MapValue: map.removeAll()
            case let namespace as NamespaceValue: namespace.attributes.removeAll()
            case let loop as LoopValue: loop.lastChanged = nil
            default: break
            }
        }
        retained = []
    }

    // MARK: Variables

    func enter(_ scope: ScopeLayout) throws(RenderFailure) {
        for load in scope.loads {
            switch load {
            case .global(let slot, let index): activation.slots[slot] = try global(index)
            case .copy(let slot, let reference): activation.slots[slot] = value(of: reference)
            case .missing(let slot): activation.slots[slot] = nil
            }
        }
    }

    func leave(_ scope: ScopeLayout) {
        for slot in scope.slots { activation.slots[slot] = nil }
    }

    private func home(of reference: Reference) -> Activation {
        var home = activation
        for _ in 0..<reference.hops {
            guard let parent = home.parent else { break }
            home = parent
        }
        return home
    }

    func value(of reference: Reference) -> Value? {
        reference.hops == 0 ? activation.slots[reference.slot] : home(of: reference).slots[reference.slot]
    }

    func setValue(_ value: Value?, use: Int) {
        // Assignments are always to the function's own variables.
        activation.slots[bindings.references[use].slot] = value
    }

    private func global(_ index: Int) throws(RenderFailure) -> Value? {
        if let value = globals[index] { return value }
        let name = bindings.globals[index]
        let value: Value?
        if let data = context[name] {
            value = try convert(data)
        } else {
            value = Function(rawValue: name).map { .function($0) }
        }
        globals[index] = value
        return value
    }

    /// Data as the template works with it.
    func convert(_ data: TemplateValue, depth: Int = 0) throws(RenderFailure) -> Value {
        try charge()
        // Room is left for what the template wraps around it.
        guard depth < Value.traversalLimit / 2 else { throw .exhausted(.valueDepth(limit: Value.traversalLimit / 2)) }
        switch data {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .integer(let value): return .int(value)
        case .largeInteger(let digits): return .largeInteger(Text(digits))
        case .float(let value): return .float(value)
        case .string(let string): return try made(Text(string))
        case .list(let items):
            var values: [Value] = []
            values.reserveCapacity(items.count)
            for item in items { values.append(try convert(item, depth: depth + 1)) }
            return .list(ListValue(values))
        case .map(let map):
            let result = MapValue()
            for entry in map.entries {
                result.setValue(try convert(entry.value, depth: depth + 1), forText: Text(entry.key))
            }
            return .map(result)
        }
    }

    // MARK: Text

    func write(_ bytes: [UInt8]) throws(RenderFailure) {
        guard bytes.count <= limits.textBytes - output.count else {
            throw .exhausted(.textBytes(limit: limits.textBytes))
        }
        try charge(bytes: bytes.count)
        output += bytes
    }

    /// What `body` writes, kept apart.
    func capture(_ body: () throws(RenderFailure) -> Flow) throws(RenderFailure) -> (flow: Flow, text: Text) {
        let outer = output
        output = []
        do {
            let flow = try body()
            let text = Text(output)
            output = outer
            return (flow, text)
        } catch {
            output = outer
            throw error
        }
    }

    /// Python's `str`.
    func string(_ value: Value) throws(RenderFailure) -> Text {
        if case .string(let text) = value { return Text(text.bytes) }
        var printer = ValuePrinter(limit: textBudget)
        try printer.writeString(value)
        try charge(bytes: printer.output.count)
        return Text(printer.output)
    }

    /// Jinja's `soft_str`: what is a string stays as it is, safe or not.
    func softString(_ value: Value) throws(RenderFailure) -> Text {
        if case .string(let text) = value { return text }
        return try string(value)
    }

    func representation(_ value: Value) throws(RenderFailure) -> Text {
        var printer = ValuePrinter(limit: textBudget)
        try printer.writeRepresentation(value)
        try charge(bytes: printer.output.count)
        return Text(printer.output)
    }
}

/// How a statement ends.
enum Flow {
    case normal, breakLoop, continueLoop
}
