extension Renderer {
    func call(_ callee: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        switch callee {
        case .method(let method): return try call(method, arguments)
        case .macro(let macro): return try made(try invoke(macro, arguments))
        case .function(let function): return try call(function, arguments)
        case .loop: throw .unsupported("a recursive loop")
        case .undefined(let origin): throw origin.failure
        default: throw .evaluation("a \(callee.typeName) can't be called")
        }
    }

    @inline(never)
    private func call(_ method: MethodValue, _ arguments: Arguments) throws(RenderFailure) -> Value {
        switch (method.name, method.receiver) {
        case (.text(let name), .string(let text)): return try call(name, on: text, arguments)
        case (.map(let name), .map(let map)): return try call(name, on: map, arguments)
        case (.list(let name), .list(let list)): return try call(name, on: list, arguments)
        case (.list(let name), .tuple(let list)): return try call(name, on: list, arguments)
        case (.list(let name), .range):
            return try call(name, on: ListValue(try items(of: method.receiver)), arguments)
        case (.loop(let name), .loop(let loop)): return try call(name, on: loop, arguments)
        case (.fromKeys, _):
            let values = try arguments.positional("fromkeys", 1...2)
            let map = MapValue()
            for key in try items(of: values[0]) {
                try insert(values.count > 1 ? values[1] : .none, key: key, into: map)
            }
            return .map(map)
        default: throw .evaluation("a \(method.receiver.typeName) has no such method")
        }
    }

    // MARK: Macros

    /// The text that a macro makes of its arguments.
    @inline(never)
    func invoke(_ macro: MacroValue, _ arguments: Arguments) throws(RenderFailure) -> Text {
        let definition = macro.definition
        let scope = bindings.scopes[definition.scope]
        let inner = Activation(slotCount: scope.slotCount, parent: macro.captured)
        var named = arguments.named
        func take(_ name: String) -> Value? {
            guard let index = named.firstIndex(where: { $0.name == name }) else { return nil }
            return named.remove(at: index).value
        }
        for (index, parameter) in definition.parameters.enumerated() {
            let value = index < arguments.positional.count ? arguments.positional[index] : take(parameter.name)
            inner.slots[bindings.references[parameter.use].slot] = value
        }
        if scope.readsCaller {
            inner.slots[bindings.references[definition.specialUses.caller].slot] =
                take("caller") ?? .undefined(.other("the macro was not called with a block"))
        }
        if scope.readsKwargs {
            let map = MapValue()
            for (name, value) in named { try insert(value, key: .string(Text(name)), into: map) }
            inner.slots[bindings.references[definition.specialUses.kwargs].slot] = .map(map)
        } else if let (name, _) = named.first {
            throw .evaluation("the macro '\(definition.name ?? "caller")' has no parameter '\(name)'")
        }
        let surplus = arguments.positional.dropFirst(definition.parameters.count)
        if scope.readsVarargs {
            inner.slots[bindings.references[definition.specialUses.varargs].slot] = .tuple(try list(Array(surplus)))
        } else if !surplus.isEmpty {
            throw .evaluation(
                "the macro '\(definition.name ?? "caller")' takes \(definition.parameters.count) arguments, "
                    + "not \(arguments.positional.count)")
        }
        return try run(definition, scope, in: inner)
    }

    @inline(never)
    private func run(
        _ definition: MacroDefinition, _ scope: ScopeLayout, in inner: Activation
    ) throws(RenderFailure) -> Text {
        let outer = activation
        activation = inner
        defer { activation = outer }
        try enter(scope)
        for parameter in definition.parameters {
            let slot = bindings.references[parameter.use].slot
            guard inner.slots[slot] == nil else { continue }
            if let fallback = parameter.fallback {
                inner.slots[slot] = try evaluate(fallback)
            } else {
                inner.slots[slot] = .undefined(.other("the parameter '\(parameter.name)' was not provided"))
            }
        }
        return try capture { () throws(RenderFailure) in try execute(definition.body) }.text
    }

    // MARK: Functions

    @inline(never)
    private func call(_ function: Function, _ arguments: Arguments) throws(RenderFailure) -> Value {
        switch function {
        case .range: return .range(try makeRange(arguments))
        case .dict: return .map(try makeMap("dict", arguments))
        case .namespace:
            let map = try makeMap("namespace", arguments)
            for key in map.keys {
                if case .string(let name) = key { try requirePublic(name.string) }
            }
            let namespace = NamespaceValue(map)
            try retain(namespace)
            return .namespace(namespace)
        case .raiseException:
            let message = try arguments.bind("raise_exception", ["message"], required: 1)[0]!
            throw .raised(try string(message).string)
        case .strftimeNow:
            let format = try arguments.bind("strftime_now", ["format"], required: 1)[0].text("format") ?? Text()
            return try made(clock.formatted(format))
        case .lipsum, .cycler, .joiner: throw .unsupported("the function '\(function.rawValue)'")
        }
    }

    /// Items a range may have, which Jinja's sandbox limits.
    private static let rangeLimit = 100_000

    private func makeRange(_ arguments: Arguments) throws(RenderFailure) -> RangeValue {
        let values = try arguments.positional("range", 1...3)
        var bounds: [Int] = []
        for value in values { bounds.append(try Optional(value).integer("a bound of the range", default: 0)) }
        let start = bounds.count > 1 ? bounds[0] : 0
        let stop = bounds.count > 1 ? bounds[1] : bounds[0]
        let step = bounds.count > 2 ? bounds[2] : 1
        guard step != 0 else { throw .evaluation("the step of a range can't be 0") }
        let (distance, overflow) =
            step > 0 ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        guard !overflow, step != .min else { throw .evaluation("the range is too long") }
        let count = distance <= 0 ? 0 : (distance - 1) / abs(step) + 1
        guard count <= Self.rangeLimit else {
            throw .evaluation("a range can't have more than \(Self.rangeLimit) items")
        }
        return RangeValue(start: start, stop: stop, step: step, count: count)
    }

    /// Python's `dict(...)`: from a map or pairs, then from the named arguments.
    private func makeMap(_ name: String, _ arguments: Arguments) throws(RenderFailure) -> MapValue {
        guard arguments.positional.count <= 1 else { throw .evaluation("'\(name)' takes one argument at most") }
        var map = MapValue()
        if let source = arguments.positional.first {
            if case .map(let other) = source {
                try charge(other.count)
                map = MapValue(copying: other)
            } else {
                try addPairs(source, to: map)
            }
        }
        for (name, value) in arguments.named { try insert(value, key: .string(Text(name)), into: map) }
        return map
    }

    func addPairs(_ source: Value, to map: MapValue) throws(RenderFailure) {
        for pair in try items(of: source) {
            let parts = try items(of: pair)
            guard parts.count == 2 else { throw .evaluation("\(parts.count) values make no pair of key and value") }
            try insert(parts[1], key: parts[0], into: map)
        }
    }
}

/// The functions every template can call.
enum Function: String {
    case range, dict, namespace, lipsum, cycler, joiner
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
}
