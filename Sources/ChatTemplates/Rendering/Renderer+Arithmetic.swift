extension Renderer {
    func number(_ value: Value, for symbol: String, at offset: Int) throws(RenderFailure) -> Number {
        self.offset = offset
        if let number = value.number { return number }
        if case .undefined(let origin) = value { throw origin.failure }
        throw .evaluation("'\(symbol)' does not apply to \(value.typeName)")
    }

    func compute(_ operation: ArithmeticOperator, _ left: Value, _ right: Value) throws(RenderFailure) -> Value {
        if let left = left.number, let right = right.number { return try compute(operation, left, right).value }
        switch (operation, left, right) {
        // A format string takes whatever is there.
        case (.modulo, .string(let format), _):
            return try made(try FormatString.percent(format, right, self))
        case (_, .undefined(let origin), _), (_, _, .undefined(let origin)): throw origin.failure
        case (.add, .string(let left), .string(let right)):
            try charge(bytes: left.bytes.count + right.bytes.count)
            guard left.isMarkup || right.isMarkup else { return .text(left.bytes + right.bytes) }
            return .string(Text(left.escaped.bytes + right.escaped.bytes, isMarkup: true))
        case (.add, .list(let left), .list(let right)): return .list(try list(left.items + right.items))
        case (.add, .tuple(let left), .tuple(let right)): return .tuple(try list(left.items + right.items))
        case (.multiply, .string(let text), let count), (.multiply, let count, .string(let text)):
            guard let count = try repetitions(count, size: text.bytes.count) else { break }
            return .string(text.derived(Array(repeatElement(text.bytes, count: count).joined())))
        case (.multiply, .list(let items), let count), (.multiply, let count, .list(let items)):
            guard let count = try repetitions(count, size: items.items.count * 16) else { break }
            return .list(try list(Array(repeatElement(items.items, count: count).joined())))
        case (.multiply, .tuple(let items), let count), (.multiply, let count, .tuple(let items)):
            guard let count = try repetitions(count, size: items.items.count * 16) else { break }
            return .tuple(try list(Array(repeatElement(items.items, count: count).joined())))
        default: break
        }
        throw .evaluation("'\(operation.symbol)' does not apply to \(left.typeName) and \(right.typeName)")
    }

    /// How often a sequence is to be repeated, paid for; nil when `count` is no integer.
    private func repetitions(_ count: Value, size: Int) throws(RenderFailure) -> Int? {
        guard case .int(let count)? = count.number else { return nil }
        let times = max(0, count)
        let (bytes, overflow) = times.multipliedReportingOverflow(by: max(1, size))
        try charge(bytes: overflow ? .max : bytes)
        return times
    }

    private func compute(
        _ operation: ArithmeticOperator, _ left: Number, _ right: Number
    ) throws(RenderFailure) -> Number {
        switch operation {
        case .add: try .add(left, right)
        case .subtract: try .subtract(left, right)
        case .multiply: try .multiply(left, right)
        case .divide: try .divide(left, right)
        case .floorDivide: try .floorDivide(left, right)
        case .modulo: try .modulo(left, right)
        case .power: try .power(left, right)
        }
    }

    // MARK: Slices

    /// Python's `value[start:stop:step]`.
    func slice(_ value: Value, start: Int?, stop: Int?, step: Int?) throws(RenderFailure) -> Value {
        if step == 0 { throw .evaluation("the step of a slice can't be 0") }
        switch value {
        case .string(let text): return .string(try slice(text, start, stop, step ?? 1))
        case .list(let items): return .list(try slice(items, start, stop, step ?? 1))
        case .tuple(let items): return .tuple(try slice(items, start, stop, step ?? 1))
        case .range(let range):
            let step = step ?? 1
            let bounds = Self.bounds(count: range.count, start, stop, step)
            let count = Self.indices(bounds, step).count
            return .range(
                RangeValue(
                    start: range[bounds.start], stop: range[bounds.stop], step: range.step &* step, count: count))
        case .undefined(let origin): throw origin.failure
        default: throw .evaluation("a \(value.typeName) can't be sliced")
        }
    }

    private func slice(_ items: ListValue, _ start: Int?, _ stop: Int?, _ step: Int) throws(RenderFailure) -> ListValue
    {
        let bounds = Self.bounds(count: items.items.count, start, stop, step)
        if step == 1 { return try list(Array(items.items[bounds.start..<max(bounds.start, bounds.stop)])) }
        return try list(Self.indices(bounds, step).map { items.items[$0] })
    }

    private func slice(_ text: Text, _ start: Int?, _ stop: Int?, _ step: Int) throws(RenderFailure) -> Text {
        try charge(bytes: text.bytes.count)
        if text.isASCII {
            let bounds = Self.bounds(count: text.bytes.count, start, stop, step)
            if step == 1 { return text.derived(text.bytes[bounds.start..<max(bounds.start, bounds.stop)]) }
            return text.derived(Self.indices(bounds, step).map { text.bytes[$0] })
        }
        let scalars = Array(text.string.unicodeScalars)
        let bounds = Self.bounds(count: scalars.count, start, stop, step)
        var result: [UInt8] = []
        for index in Self.indices(bounds, step) { result.append(scalars[index]) }
        return text.derived(result)
    }

    /// Bounds within a sequence, under Python's rules for negative and far away ones.
    private static func bounds(count: Int, _ start: Int?, _ stop: Int?, _ step: Int) -> (start: Int, stop: Int) {
        let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
        func clamp(_ bound: Int?, default fallback: Int) -> Int {
            guard let bound else { return fallback }
            return bound < 0 ? max(lowest, bound.addingReportingOverflow(count).partialValue) : min(highest, bound)
        }
        return step > 0
            ? (clamp(start, default: 0), clamp(stop, default: count))
            : (clamp(start, default: count - 1), clamp(stop, default: -1))
    }

    private static func indices(_ bounds: (start: Int, stop: Int), _ step: Int) -> [Int] {
        var indices: [Int] = []
        var index = bounds.start
        while step > 0 ? index < bounds.stop : index > bounds.stop {
            indices.append(index)
            let (next, overflow) = index.addingReportingOverflow(step)
            if overflow { break }
            index = next
        }
        return indices
    }
}
