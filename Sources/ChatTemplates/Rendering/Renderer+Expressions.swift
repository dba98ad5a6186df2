extension Renderer {
    // Each kind of node has a function of its own that is kept out of line: in one function, the locals of all kinds
    // would add up to kilobytes of stack for every level of nesting.

    @inline(never)
    func evaluate(_ expression: Expression) throws(RenderFailure) -> Value {
        try charge()
        switch expression.kind {
        case .constant(let constant): return constant.value
        case .name(let name, let use): return value(of: bindings.references[use]) ?? .undefined(.variable(name))
        default:
            try descend()
            defer { depth -= 1 }
            return try evaluateCompound(expression)
        }
    }

    @inline(never)
    private func evaluateCompound(_ expression: Expression) throws(RenderFailure) -> Value {
        switch expression.kind {
        case .constant, .name: try evaluate(expression)
        case .tuple(let items): try evaluateTuple(items)
        case .list(let items): try evaluateList(items)
        case .dictionary(let pairs): try evaluateDictionary(pairs)
        case .attribute(let operand, let name): try evaluateAttribute(operand, name, at: expression.offset)
        case .item(let operand, let index): try evaluateItem(operand, index, at: expression.offset)
        case .slice(let operand, let start, let stop, let step):
            try evaluateSlice(operand, start, stop, step, at: expression.offset)
        case .call(let call): try evaluateCall(call, at: expression.offset)
        case .filter(let use): try evaluateFilter(use, at: expression.offset)
        case .test(let use): try evaluateTest(use, at: expression.offset)
        case .not(let operand): try evaluateNot(operand)
        case .negated(let operand): try evaluateSigned(operand, isNegated: true, at: expression.offset)
        case .unchanged(let operand): try evaluateSigned(operand, isNegated: false, at: expression.offset)
        case .and(let left, let right): try evaluateLogical(left, right, stopsAt: false)
        case .or(let left, let right): try evaluateLogical(left, right, stopsAt: true)
        case .arithmetic(let operation, let left, let right):
            try evaluateArithmetic(operation, left, right, at: expression.offset)
        case .concatenation(let items): try evaluateConcatenation(items)
        case .comparison(let first, let rest): try evaluateComparison(first, rest, at: expression.offset)
        case .conditional(let test, let then, let otherwise): try evaluateConditional(test, then, otherwise)
        }
    }

    @inline(never)
    private func evaluateTuple(_ items: [Expression]) throws(RenderFailure) -> Value {
        .tuple(try list(try evaluate(items)))
    }

    @inline(never)
    private func evaluateList(_ items: [Expression]) throws(RenderFailure) -> Value {
        .list(try list(try evaluate(items)))
    }

    @inline(never)
    private func evaluateAttribute(
        _ operand: Expression, _ name: AttributeName, at offset: Int
    ) throws(RenderFailure) -> Value {
        let value = try evaluate(operand)
        self.offset = offset
        return try attribute(name, of: value)
    }

    @inline(never)
    private func evaluateFilter(_ use: FilterUse, at offset: Int) throws(RenderFailure) -> Value {
        guard let operand = use.operand else { return try apply(use, to: .string(""), at: offset) }
        return try apply(use, to: try evaluate(operand), at: offset)
    }

    @inline(never)
    private func evaluateNot(_ operand: Expression) throws(RenderFailure) -> Value {
        .bool(try !evaluate(operand).isTrue)
    }

    @inline(never)
    private func evaluateSigned(_ operand: Expression, isNegated: Bool, at offset: Int) throws(RenderFailure) -> Value {
        let number = try number(try evaluate(operand), for: isNegated ? "-" : "+", at: offset)
        return isNegated ? try number.negated().value : number.value
    }

    @inline(never)
    private func evaluateLogical(
        _ left: Expression, _ right: Expression, stopsAt isDecided: Bool
    ) throws(RenderFailure) -> Value {
        let value = try evaluate(left)
        return value.isTrue == isDecided ? value : try evaluate(right)
    }

    @inline(never)
    private func evaluateArithmetic(
        _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression, at offset: Int
    ) throws(RenderFailure) -> Value {
        let leftValue = try evaluate(left)
        let rightValue = try evaluate(right)
        self.offset = offset
        return try compute(operation, leftValue, rightValue)
    }

    @inline(never)
    private func evaluateConditional(
        _ test: Expression, _ then: Expression, _ otherwise: Expression?
    ) throws(RenderFailure) -> Value {
        if try evaluate(test).isTrue { return try evaluate(then) }
        guard let otherwise else { return .undefined(.other("the inline 'if' is false and has no 'else'")) }
        return try evaluate(otherwise)
    }

    @inline(never)
    private func evaluate(_ expressions: [Expression]) throws(RenderFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    @inline(never)
    private func evaluateDictionary(
        _ pairs: [(key: Expression, value: Expression)]
    ) throws(RenderFailure) -> Value {
        let map = MapValue()
        for (key, value) in pairs {
            let key = try evaluate(key)
            try insert(try evaluate(value), key: key, into: map)
        }
        return .map(map)
    }

    /// Adds an entry under the limit of nesting.
    func insert(_ value: Value, key: Value, into map: MapValue) throws(RenderFailure) {
        try charge(2)
        map.setValue(value, for: try hashable(key))
        try check(depth: map.depth)
    }

    func hashable(_ value: Value) throws(RenderFailure) -> MapKey {
        guard let key = MapKey(value) else { throw .evaluation("a \(value.typeName) can't be a key") }
        return key
    }

    @inline(never)
    private func evaluateConcatenation(_ items: [Expression]) throws(RenderFailure) -> Value {
        var bytes: [UInt8] = []
        for item in items {
            let text = try string(try evaluate(item))
            guard text.bytes.count <= limits.textBytes - bytes.count else {
                throw .exhausted(.textBytes(limit: limits.textBytes))
            }
            bytes += text.bytes
        }
        return try made(Text(bytes))
    }

    @inline(never)
    func evaluate(_ arguments: CallArguments) throws(RenderFailure) -> Arguments {
        var result = Arguments(positional: try evaluate(arguments.positional))
        for (name, value) in arguments.named { result.named.append((name, try evaluate(value))) }
        if let list = arguments.unpackedList { result.positional += try items(of: try evaluate(list)) }
        if let map = arguments.unpackedMap {
            guard case .map(let map) = try evaluate(map) else {
                throw .evaluation("what follows '**' must be a map")
            }
            for (key, value) in zip(map.keys, map.values) {
                guard case .string(let name) = key else { throw .evaluation("names of arguments must be strings") }
                guard !result.named.contains(where: { $0.name == name.string }) else {
                    throw .evaluation("the argument '\(name.string)' is given twice")
                }
                result.named.append((name.string, value))
            }
        }
        return result
    }

    @inline(never)
    private func evaluateItem(
        _ operand: Expression, _ index: Expression, at offset: Int
    ) throws(RenderFailure) -> Value {
        let value = try evaluate(operand)
        let key = try evaluate(index)
        self.offset = offset
        return try item(key, of: value)
    }

    @inline(never)
    private func evaluateSlice(
        _ operand: Expression, _ start: Expression?, _ stop: Expression?, _ step: Expression?, at offset: Int
    ) throws(RenderFailure) -> Value {
        let value = try evaluate(operand)
        var bounds: [Int?] = []
        for bound in [start, stop, step] {
            let bound = try bound.map { (bound) throws(RenderFailure) in try evaluate(bound) }
            self.offset = offset
            if case .some(.none) = bound {
                bounds.append(nil)
            } else {
                bounds.append(bound == nil ? nil : try bound.integer("a bound of the slice", default: 0))
            }
        }
        self.offset = offset
        return try slice(value, start: bounds[0], stop: bounds[1], step: bounds[2])
    }

    @inline(never)
    private func evaluateCall(_ use: CallUse, at offset: Int) throws(RenderFailure) -> Value {
        let function = try evaluate(use.callee)
        let arguments = try evaluate(use.arguments)
        self.offset = offset
        return try call(function, arguments)
    }

    @inline(never)
    private func evaluateTest(_ use: TestUse, at offset: Int) throws(RenderFailure) -> Value {
        let operand = try evaluate(use.operand)
        let arguments = try evaluate(use.arguments)
        self.offset = offset
        guard let test = use.test else { throw .unsupported("the test '\(use.name)'") }
        return .bool(try check(test, operand, arguments))
    }

    @inline(never)
    func apply(_ use: FilterUse, to operand: Value, at offset: Int) throws(RenderFailure) -> Value {
        let arguments = try evaluate(use.arguments)
        self.offset = offset
        guard let filter = use.filter else { throw .unsupported("the filter '\(use.name)'") }
        return try apply(filter, to: operand, arguments)
    }

    // MARK: Comparison

    @inline(never)
    private func evaluateComparison(
        _ first: Expression, _ rest: [Comparison], at offset: Int
    ) throws(RenderFailure) -> Value {
        var left = try evaluate(first)
        for link in rest {
            let right = try evaluate(link.operand)
            self.offset = offset
            guard try compare(link.comparison, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    func compare(_ comparison: ComparisonOperator, _ left: Value, _ right: Value) throws(RenderFailure) -> Bool {
        switch comparison {
        case .equal: return try left.isEqual(to: right)
        case .notEqual: return try !left.isEqual(to: right)
        case .less: return try left.isLess(than: right)
        case .greater: return try right.isLess(than: left)
        case .lessOrEqual:
            if try left.isLess(than: right) { return true }
            return try left.isEqual(to: right)
        case .greaterOrEqual:
            if try right.isLess(than: left) { return true }
            return try left.isEqual(to: right)
        case .contained: return try contains(right, left)
        case .notContained: return try !contains(right, left)
        }
    }

    /// Python's `needle in container`.
    func contains(_ container: Value, _ needle: Value) throws(RenderFailure) -> Bool {
        switch container {
        case .string(let text):
            guard case .string(let part) = needle else {
                if case .undefined(let origin) = needle { throw origin.failure }
                throw .evaluation("a \(needle.typeName) can't be part of a string")
            }
            try charge(bytes: text.bytes.count)
            return text.contains(part)
        case .map(let map): return map.value(for: try hashable(needle)) != nil
        case .view(let view) where view.kind == .keys: return view.map.value(for: try hashable(needle)) != nil
        case .undefined: return false
        default:
            let iterator = try makeIterator(container)
            while let item = try iterator.next(self) {
                if try item.isEqual(to: needle) { return true }
            }
            return false
        }
    }
}
