/// The filters of the subset.
enum Filter: String {
    case abs, attr, batch, capitalize, center, count, d, `default`, dictsort, e, escape, first, float, forceescape
    case format, groupby, indent, int, items, join, last, length, list, lower, map, max, min, reject, rejectattr,
        replace
    case reverse, round, safe, select, selectattr, slice, sort, string, sum, title, tojson, trim, truncate, unique,
        upper
    case urlencode, wordcount
    /// Not Jinja's own: templates of DeepSeek V3.2 and later expect their host to have it.
    case fromJSON = "from_json"
}

extension Renderer {
    func apply(_ filter: Filter, to value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        switch filter {
        case .default, .d:
            let values = try arguments.bind("default", ["default_value", "boolean"])
            return value.isUndefined || (values[1].isTrue && !value.isTrue) ? values[0] ?? .string("") : value
        case .tojson: return try toJSON(value, arguments)
        case .fromJSON: return try fromJSON(value)
        case .attr:
            let name = try arguments.bind("attr", ["name"], required: 1)[0].text("name") ?? Text()
            if case .map = value, MapMethod(rawValue: name.string) == nil {
                return .undefined(.attribute(name.string, of: value))
            }
            return try attribute(AttributeName(name.string), of: value)
        case .map, .select, .reject, .selectattr, .rejectattr: return try applyLazily(filter, to: value, arguments)
        case .batch, .dictsort, .first, .groupby, .items, .join, .last, .length, .count, .list, .max, .min, .reverse,
            .slice, .sort, .sum, .unique:
            return try applyToSequence(filter, value, arguments)
        case .abs, .float, .int, .round: return try applyToNumber(filter, value, arguments)
        case .capitalize, .center, .e, .escape, .forceescape, .format, .indent, .lower, .replace, .safe, .string,
            .title, .trim, .truncate, .upper, .urlencode, .wordcount:
            return try applyToText(filter, value, arguments)
        }
    }

    // MARK: JSON

    private func toJSON(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("tojson", ["ensure_ascii", "indent", "separators", "sort_keys"])
        var writer = JSONWriter(limit: textBudget)
        writer.escapesNonASCII = values[0].isTrue
        switch values[1] {
        case nil, .some(.none): break
        case .string(let text): writer.indentation = text.bytes
        case let width:
            let width = max(0, try width.integer("indent", default: 0))
            try charge(bytes: width)
            writer.indentation = Array(repeating: UInt8(ascii: " "), count: width)
        }
        if writer.indentation != nil { writer.itemSeparator = [UInt8(ascii: ",")] }
        if let separators = values[2], case .tuple(let pair) = separators, pair.items.count == 2 {
            writer.itemSeparator = try string(pair.items[0]).bytes
            writer.keySeparator = try string(pair.items[1]).bytes
        } else if let separators = values[2], case .list(let pair) = separators, pair.items.count == 2 {
            writer.itemSeparator = try string(pair.items[0]).bytes
            writer.keySeparator = try string(pair.items[1]).bytes
        } else if let separators = values[2], !separators.isNone {
            throw .evaluation("'separators' of 'tojson' must be two strings")
        }
        writer.sortsKeys = values[3].isTrue
        try writer.write(value)
        return try made(Text(writer.output))
    }

    private func fromJSON(_ value: Value) throws(RenderFailure) -> Value {
        guard case .string(let text) = value else {
            throw .evaluation("'from_json' needs a string, not \(value.typeName)")
        }
        let data: TemplateValue
        do { data = try TemplateValue(json: text.bytes) } catch { throw .evaluation("\(error)") }
        return try convert(data)
    }

    // MARK: Numbers

    private func applyToNumber(
        _ filter: Filter, _ value: Value, _ arguments: Arguments
    ) throws(RenderFailure) -> Value {
        switch filter {
        case .abs:
            _ = try arguments.positional("abs", 0...0)
            let number = try number(value, for: "abs", at: offset)
            return number < .int(0) ? try number.negated().value : number.value
        case .float:
            let fallback = try arguments.bind("float", ["default"])[0] ?? .float(0)
            if case .undefined(let origin) = value { throw origin.failure }
            if let number = value.number { return .float(number.double) }
            guard case .string(let text) = value, let number = Self.float(text) else { return fallback }
            return .float(number)
        case .int:
            let values = try arguments.bind("int", ["default", "base"])
            if case .undefined(let origin) = value { throw origin.failure }
            return try integer(
                value, default: values[0] ?? .int(0), base: try values[1].integer("base", default: 10))
        default:
            let values = try arguments.bind("round", ["precision", "method"])
            let precision = try values[0].integer("precision", default: 0)
            let method = try values[1].text("method") ?? "common"
            let number = try number(value, for: "round", at: offset)
            if method == "common" { return try number.rounded(digits: precision).value }
            guard method == "ceil" || method == "floor" else {
                throw .evaluation("the method of 'round' is 'common', 'ceil' or 'floor'")
            }
            let scale = try Number.power(.int(10), .int(precision))
            let scaled = try Number.multiply(number, scale).double
            let whole = scaled.rounded(method == "ceil" ? .up : .down)
            return try Number.divide(.float(whole), scale).value
        }
    }

    private func integer(_ value: Value, default fallback: Value, base: Int) throws(RenderFailure) -> Value {
        switch value {
        case .int, .largeInteger: return value
        case .bool(let value): return .int(value ? 1 : 0)
        case .float(let value):
            guard value.isFinite else { return fallback }
            guard let integer = Int(exactly: value.rounded(.towardZero)) else { throw Number.overflow }
            return .int(integer)
        case .string(let text):
            guard base == 0 || (2...36).contains(base) else { return fallback }
            if let integer = Self.integer(text, base: base) { return .int(integer) }
            // "42.23" counts as 42.
            guard let float = Self.float(text), float.isFinite else { return fallback }
            guard let integer = Int(exactly: float.rounded(.towardZero)) else { throw Number.overflow }
            return .int(integer)
        default: return fallback
        }
    }

    /// Python's `int(text, base)`.
    private static func integer(_ text: Text, base: Int) -> Int? {
        let stripped = text.stripped().bytes
        var digits = stripped[...]
        var sign = ""
        if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? "-" : ""
            digits = digits.dropFirst()
        }
        var radix = base
        if digits.first == UInt8(ascii: "0"), digits.count > 2 {
            let named: Int? =
                switch digits[digits.startIndex + 1] | 0x20 {
                case UInt8(ascii: "x"): 16
                case UInt8(ascii: "o"): 8
                case UInt8(ascii: "b"): 2
                default: nil
                }
            if let named, base == named || base == 0 {
                digits = digits.dropFirst(2)
                radix = named
            }
        }
        if radix == 0 { radix = 10 }
        guard let plain = withoutUnderscores(digits), plain.allSatisfy({ $0.isASCIIDigit || $0.isASCIILetter }) else {
            return nil
        }
        return Int(sign + String(decoding: plain, as: UTF8.self), radix: radix)
    }

    /// Python's `float(text)`.
    static func float(_ text: Text) -> Double? {
        let stripped = text.stripped().bytes
        guard let plain = withoutUnderscores(stripped[...]) else { return nil }
        let string = String(decoding: plain, as: UTF8.self).lowercased()
        let unsigned = string.drop { $0 == "+" || $0 == "-" }
        guard string.utf8.count - unsigned.utf8.count <= 1 else { return nil }
        if ["inf", "infinity", "nan"].contains(unsigned) { return Double(string) }
        guard unsigned.utf8.allSatisfy({ $0.isASCIIDigit || [0x2E, 0x65, 0x2B, 0x2D].contains($0) }) else { return nil }
        return Double(string)
    }

    /// Digits without the single underscores that Python allows between them; nil when one is elsewhere.
    private static func withoutUnderscores(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var afterDigit = false
        for byte in digits {
            if byte == UInt8(ascii: "_") {
                guard afterDigit else { return nil }
                afterDigit = false
            } else {
                result.append(byte)
                afterDigit = byte.isASCIIDigit || byte.isASCIILetter
            }
        }
        return digits.last == UInt8(ascii: "_") || result.isEmpty ? nil : result
    }
}

extension Value {
    var isNone: Bool {
        if case .none = self { true } else { false }
    }
}
