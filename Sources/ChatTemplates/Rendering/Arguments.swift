/// Evaluated arguments of a call.
struct Arguments {
    var positional: [Value] = []
    var named: [(name: String, value: Value)] = []

    /// The arguments in the order of `parameters`, nil for those left out.
    ///
    /// - Parameter required: how many of the parameters, from the first, have no default.
    func bind(_ callee: String, _ parameters: [String], required: Int = 0) throws(RenderFailure) -> [Value?] {
        guard positional.count <= parameters.count else {
            throw .evaluation("'\(callee)' takes \(parameters.count) arguments, not \(positional.count)")
        }
        var values: [Value?] = positional
        values += repeatElement(nil, count: parameters.count - positional.count)
        for (name, value) in named {
            guard let index = parameters.firstIndex(of: name) else {
                throw .evaluation("'\(callee)' has no parameter '\(name)'")
            }
            guard values[index] == nil else { throw .evaluation("'\(callee)' gets its parameter '\(name)' twice") }
            values[index] = value
        }
        for index in 0..<required where values[index] == nil {
            throw .evaluation("'\(callee)' lacks its argument '\(parameters[index])'")
        }
        return values
    }

    /// For callees without named parameters.
    func positional(_ callee: String, _ counts: ClosedRange<Int>) throws(RenderFailure) -> [Value] {
        guard named.isEmpty else { throw .evaluation("'\(callee)' takes no named arguments") }
        guard counts.contains(positional.count) else {
            throw .evaluation("'\(callee)' does not take \(positional.count) arguments")
        }
        return positional
    }
}

extension Value? {
    /// An integer argument; `fallback` when it is left out.
    func integer(_ name: String, default fallback: Int) throws(RenderFailure) -> Int {
        switch self {
        case nil: return fallback
        case .int(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .undefined(let origin): throw origin.failure
        case .some(let value): throw .evaluation("'\(name)' must be an integer, not \(value.typeName)")
        }
    }

    /// A string argument; nil when it is left out or none.
    func text(_ name: String) throws(RenderFailure) -> Text? {
        switch self {
        case nil, .some(.none): return nil
        case .string(let text): return text
        case .undefined(let origin): throw origin.failure
        case .some(let value): throw .evaluation("'\(name)' must be a string, not \(value.typeName)")
        }
    }

    var isTrue: Bool { self?.isTrue ?? false }
}
