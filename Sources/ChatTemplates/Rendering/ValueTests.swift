/// What can follow `is`.
enum ValueTest: String {
    case boolean, callable, defined, divisibleby, eq, equalto, escaped, even, `false`, filter, float, ge, greaterthan
    case gt, `in`, integer, iterable, le, lessthan, lower, lt, mapping, ne, none, number, odd, sameas, sequence, string
    case test, `true`, undefined, upper
    case equalSign = "=="
    case notEqualSign = "!="
    case lessSign = "<"
    case lessOrEqualSign = "<="
    case greaterSign = ">"
    case greaterOrEqualSign = ">="
}

extension Renderer {
    func check(_ test: ValueTest, _ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Bool {
        let name = test.rawValue
        /// The one argument of tests that compare.
        func operand() throws(RenderFailure) -> Value { try arguments.bind(name, ["other"], required: 1)[0]! }
        switch test {
        case .eq, .equalto, .equalSign: return try compare(.equal, value, try operand())
        case .ne, .notEqualSign: return try compare(.notEqual, value, try operand())
        case .lt, .lessthan, .lessSign: return try compare(.less, value, try operand())
        case .le, .lessOrEqualSign: return try compare(.lessOrEqual, value, try operand())
        case .gt, .greaterthan, .greaterSign: return try compare(.greater, value, try operand())
        case .ge, .greaterOrEqualSign: return try compare(.greaterOrEqual, value, try operand())
        case .in: return try contains(try arguments.bind(name, ["seq"], required: 1)[0]!, value)
        case .sameas: return value.isSame(as: try operand())
        case .divisibleby:
            let divisor = try arguments.bind(name, ["num"], required: 1)[0]!
            return try compute(.modulo, value, divisor).isEqual(to: .int(0))
        default:
            _ = try arguments.positional(name, 0...0)
            return try check(test, value)
        }
    }

    /// Tests without arguments.
    private func check(_ test: ValueTest, _ value: Value) throws(RenderFailure) -> Bool {
        switch (test, value) {
        case (.defined, .undefined), (.undefined, .undefined): return test == .undefined
        case (.defined, _): return true
        case (.none, .none): return true
        case (.boolean, .bool): return true
        case (.true, .bool(let value)): return value
        case (.false, .bool(let value)): return !value
        case (.integer, .int), (.integer, .largeInteger): return true
        case (.float, .float): return true
        case (.number, .int), (.number, .largeInteger), (.number, .float), (.number, .bool): return true
        case (.string, .string): return true
        case (.mapping, .map): return true
        case (.escaped, .string(let text)): return text.isMarkup
        case (.sequence, .string), (.sequence, .list), (.sequence, .tuple), (.sequence, .map), (.sequence, .range),
            (.sequence, .undefined):
            return true
        case (.iterable, .string), (.iterable, .list), (.iterable, .tuple), (.iterable, .map), (.iterable, .view),
            (.iterable, .range), (.iterable, .iterator), (.iterable, .loop), (.iterable, .undefined):
            return true
        case (.callable, .function), (.callable, .method), (.callable, .macro), (.callable, .undefined),
            (.callable, .loop):
            return true
        case (.lower, _): return try string(value).isCase(lower: true)
        case (.upper, _): return try string(value).isCase(lower: false)
        case (.odd, _), (.even, _):
            return try compute(.modulo, value, .int(2)).isEqual(to: .int(test == .odd ? 1 : 0))
        case (.filter, .string(let name)): return Filter(rawValue: name.string) != nil
        case (.test, .string(let name)): return ValueTest(rawValue: name.string) != nil
        default: return false
        }
    }
}
