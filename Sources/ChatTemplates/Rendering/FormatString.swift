/// Python's two ways to fill in a string: `'%s' % value` and `'{}'.format(value)`.
enum FormatString {
    /// A field's options, from a `%` conversion or from what follows the colon in braces.
    struct Options {
        var fill: Text = " "
        /// `<`, `>`, `^` or `=`; nil for the type's own.
        var alignment: UInt8?
        /// `+` or a space, for numbers that are not negative.
        var sign: UInt8?
        var isAlternate = false
        var width = 0
        var groupSeparator: UInt8?
        var precision: Int?
        /// The presentation type, such as `d` or `f`.
        var type: UInt8?
    }

    // MARK: Braces

    static func braces(_ format: Text, _ arguments: Arguments, _ renderer: Renderer) throws(RenderFailure) -> Text {
        var formatter = BraceFormatter(format, arguments: arguments, renderer: renderer)
        let result = try formatter.run()
        return format.derived(result)
    }

    // MARK: Percent

    static func percent(_ format: Text, _ value: Value, _ renderer: Renderer) throws(RenderFailure) -> Text {
        var positional = [value]
        if case .tuple(let tuple) = value { positional = tuple.items }
        var used = 0
        var usedNames = false
        var result: [UInt8] = []
        let bytes = format.bytes
        var index = 0
        func next() throws(RenderFailure) -> Value {
            guard used < positional.count else { throw .evaluation("too few values for the format string") }
            used += 1
            return positional[used - 1]
        }
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index += 1
            var options = Options()
            var named: Value?
            if index < bytes.count, bytes[index] == UInt8(ascii: "(") {
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: ")")), case .map(let map) = value else {
                    throw .evaluation("the format string names its values, so it needs a map")
                }
                guard let found = map[Text(bytes[(index + 1)..<end])] else {
                    throw .evaluation("the map lacks a value that the format string names")
                }
                named = found
                usedNames = true
                index = end + 1
            }
            flags: while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "-"): options.alignment = UInt8(ascii: "<")
                case UInt8(ascii: "0"): if options.alignment == nil { options.alignment = UInt8(ascii: "=") }
                case UInt8(ascii: "+"): options.sign = UInt8(ascii: "+")
                case UInt8(ascii: " "): if options.sign == nil { options.sign = UInt8(ascii: " ") }
                case UInt8(ascii: "#"): options.isAlternate = true
                default: break flags
                }
                index += 1
            }
            if options.alignment == UInt8(ascii: "=") { options.fill = "0" }
            func readCount() throws(RenderFailure) -> Int? {
                if index < bytes.count, bytes[index] == UInt8(ascii: "*") {
                    index += 1
                    let count = try next()
                    return try Optional(count).integer("the width", default: 0)
                }
                return try number(bytes, &index)
            }
            options.width = try readCount() ?? 0
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                index += 1
                options.precision = try readCount() ?? 0
            }
            guard index < bytes.count else { throw .evaluation("the format string ends within a conversion") }
            let conversion = bytes[index]
            index += 1
            if conversion == UInt8(ascii: "%") {
                result.append(conversion)
                continue
            }
            let argument: Value
            if let named { argument = named } else { argument = try next() }
            var text = try convert(argument, conversion, options, renderer)
            if format.isMarkup { text = text.escaped }
            result += text.bytes
            guard result.count <= renderer.limits.textBytes else {
                throw .exhausted(.textBytes(limit: renderer.limits.textBytes))
            }
        }
        var takesSurplus = usedNames
        // What has entries may be meant for names.
        switch value {
        case .map, .list, .range, .undefined: takesSurplus = true
        default: break
        }
        guard used == positional.count || takesSurplus else {
            throw .evaluation("too many values for the format string")
        }
        return format.derived(result)
    }

    private static func convert(
        _ value: Value, _ conversion: UInt8, _ options: Options, _ renderer: Renderer
    ) throws(RenderFailure) -> Text {
        var options = options
        if options.alignment == nil { options.alignment = UInt8(ascii: ">") }
        switch conversion {
        case UInt8(ascii: "s"), UInt8(ascii: "r"), UInt8(ascii: "a"):
            if options.alignment == UInt8(ascii: "=") { (options.alignment, options.fill) = (UInt8(ascii: ">"), " ") }
            let text = conversion == UInt8(ascii: "s") ? try renderer.string(value) : try renderer.representation(value)
            return try FieldFormatter(options, renderer).format(text)
        case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"):
            options.type = UInt8(ascii: "d")
            if case .float(let float)? = value.number, let integer = Int(exactly: float.rounded(.towardZero)) {
                return try FieldFormatter(options, renderer).format(integer)
            }
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"), UInt8(ascii: "e"), UInt8(ascii: "E"),
            UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "g"), UInt8(ascii: "G"):
            options.type = conversion
        case UInt8(ascii: "c"):
            if case .string(let text) = value, text.length == 1 {
                return try FieldFormatter(options, renderer).format(text)
            }
        default:
            throw .evaluation("the format string has an unknown conversion '\(Text([conversion]).string)'")
        }
        guard let number = value.number else {
            throw .evaluation("a \(value.typeName) can't be formatted as '%\(Text([conversion]).string)'")
        }
        return try FieldFormatter(options, renderer).format(number)
    }

    /// A run of digits at `index`, which moves behind it.
    static func number(_ bytes: [UInt8], _ index: inout Int) throws(RenderFailure) -> Int? {
        let start = index
        while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
        guard index > start else { return nil }
        guard index - start < 10, let value = Int(String(decoding: bytes[start..<index], as: UTF8.self)) else {
            throw .evaluation("a number in the format string is too large")
        }
        return value
    }
}

/// Formats one value as options say.
struct FieldFormatter {
    let options: FormatString.Options
    let renderer: Renderer

    init(_ options: FormatString.Options, _ renderer: Renderer) {
        self.options = options
        self.renderer = renderer
    }

    /// - Parameter specification: what follows the colon in braces.
    init(specification bytes: [UInt8], _ renderer: Renderer) throws(RenderFailure) {
        var options = FormatString.Options()
        var index = 0
        func isAlignment(_ index: Int) -> Bool {
            index < bytes.count && [0x3C, 0x3E, 0x5E, 0x3D].contains(bytes[index])
        }
        if !bytes.isEmpty {
            let width = bytes.scalarWidth(at: 0)
            if isAlignment(width) {
                options.fill = Text(bytes[..<width])
                options.alignment = bytes[width]
                index = width + 1
            } else if isAlignment(0) {
                options.alignment = bytes[0]
                index = 1
            }
        }
        func skip(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }
        if skip(UInt8(ascii: "+")) {
            options.sign = UInt8(ascii: "+")
        } else if skip(UInt8(ascii: " ")) {
            options.sign = UInt8(ascii: " ")
        } else {
            _ = skip(UInt8(ascii: "-"))
        }
        options.isAlternate = skip(UInt8(ascii: "#"))
        if skip(UInt8(ascii: "0")), options.alignment == nil {
            options.fill = "0"
            options.alignment = UInt8(ascii: "=")
        }
        options.width = try FormatString.number(bytes, &index) ?? 0
        if skip(UInt8(ascii: ",")) {
            options.groupSeparator = UInt8(ascii: ",")
        } else if skip(UInt8(ascii: "_")) {
            options.groupSeparator = UInt8(ascii: "_")
        }
        if skip(UInt8(ascii: ".")) {
            guard let precision = try FormatString.number(bytes, &index) else {
                throw .evaluation("the format specification lacks its precision")
            }
            options.precision = precision
        }
        if index < bytes.count {
            options.type = bytes[index]
            index += 1
        }
        guard index == bytes.count else { throw .evaluation("the format specification is malformed") }
        self.init(options, renderer)
    }

    func format(_ value: Value) throws(RenderFailure) -> Text {
        switch value {
        case .int(let value): return try format(value)
        case .float(let value): return try format(Number.float(value))
        case .bool(let value) where options.type != nil && options.type != UInt8(ascii: "s"):
            return try format(value ? 1 : 0)
        case .string(let text): return try format(text)
        default: return try format(try renderer.string(value))
        }
    }

    func format(_ text: Text) throws(RenderFailure) -> Text {
        guard options.type == nil || options.type == UInt8(ascii: "s"), options.sign == nil, !options.isAlternate,
            options.alignment != UInt8(ascii: "=") || options.width == 0
        else { throw .evaluation("a string can't be formatted like that") }
        var text = text
        if let precision = options.precision,
            case .string(let prefix) = try renderer.slice(.string(text), start: 0, stop: precision, step: nil)
        {
            text = prefix
        }
        return try pad(text.bytes, sign: [], default: UInt8(ascii: "<"))
    }

    func format(_ number: Number) throws(RenderFailure) -> Text {
        switch number {
        case .int(let value): try format(value)
        case .float(let value): try format(value)
        }
    }

    func format(_ value: Int) throws(RenderFailure) -> Text {
        let (radix, prefix): (Int, String)
        switch options.type {
        case nil, UInt8(ascii: "d"), UInt8(ascii: "n"): (radix, prefix) = (10, "")
        case UInt8(ascii: "x"): (radix, prefix) = (16, "0x")
        case UInt8(ascii: "X"): (radix, prefix) = (16, "0X")
        case UInt8(ascii: "o"): (radix, prefix) = (8, "0o")
        case UInt8(ascii: "b"): (radix, prefix) = (2, "0b")
        default: return try format(Double(value))
        }
        var digits = Array(String(value.magnitude, radix: radix, uppercase: options.type == UInt8(ascii: "X")).utf8)
        if let precision = options.precision {
            try renderer.charge(bytes: precision)
            digits.insert(contentsOf: repeatElement(0x30, count: max(0, precision - digits.count)), at: 0)
        }
        digits = grouped(digits, size: radix == 10 ? 3 : 4)
        return try pad(digits, sign: sign(isNegative: value < 0) + (options.isAlternate ? Array(prefix.utf8) : []))
    }

    private func format(_ value: Double) throws(RenderFailure) -> Text {
        let type = options.type.map { Character(Unicode.Scalar($0)) } ?? "r"
        let lower = Character(type.lowercased())
        var digits: [UInt8]
        if !value.isFinite {
            digits = Array((value.isNaN ? "nan" : "inf").utf8)
        } else {
            switch lower {
            case "f", "e", "g":
                digits = Array(formatFloat(value.magnitude, conversion: lower, precision: options.precision ?? 6).utf8)
            case "%":
                digits = Array(
                    formatFloat(value.magnitude * 100, conversion: "f", precision: options.precision ?? 6).utf8)
            case "r", "n":
                digits = Array(
                    (options.precision.map { formatFloat(value.magnitude, conversion: "g", precision: $0) }
                        ?? pythonFloat(value.magnitude)).utf8)
            default: throw .evaluation("a number can't be formatted as '\(type)'")
            }
        }
        if type.isUppercase { digits = digits.map { $0.isASCIILetter ? $0 & ~0x20 : $0 } }
        let whole = digits.prefix { $0.isASCIIDigit }
        digits = grouped(Array(whole), size: 3) + digits.dropFirst(whole.count)
        if type == "%" { digits.append(UInt8(ascii: "%")) }
        return try pad(digits, sign: sign(isNegative: value.sign == .minus && !value.isNaN))
    }

    private func sign(isNegative: Bool) -> [UInt8] {
        isNegative ? [UInt8(ascii: "-")] : options.sign.map { [$0] } ?? []
    }

    private func grouped(_ digits: [UInt8], size: Int) -> [UInt8] {
        guard let separator = options.groupSeparator else { return digits }
        var result: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { result.append(separator) }
            result.append(digit)
        }
        return result
    }

    private func pad(_ content: [UInt8], sign: [UInt8], default fallback: UInt8 = UInt8(ascii: ">"))
        throws(RenderFailure) -> Text
    {
        let missing = options.width - Text(content).length - sign.count
        guard missing > 0 else { return Text(sign + content) }
        try renderer.charge(bytes: missing * options.fill.bytes.count)
        let padding = { (count: Int) in Array(repeatElement(options.fill.bytes, count: count).joined()) }
        switch options.alignment ?? fallback {
        case UInt8(ascii: "<"): return Text(sign + content + padding(missing))
        case UInt8(ascii: "^"):
            return Text(padding(missing / 2) + sign + content + padding(missing - missing / 2))
        case UInt8(ascii: "="): return Text(sign + padding(missing) + content)
        default: return Text(padding(missing) + sign + content)
        }
    }
}
