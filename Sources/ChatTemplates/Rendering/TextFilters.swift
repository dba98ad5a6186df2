extension Renderer {
    func applyToText(_ filter: Filter, _ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let text = try softString(value)
        try charge(bytes: text.bytes.count)
        switch filter {
        case .trim:
            let characters = try arguments.bind("trim", ["chars"])[0].text("chars")
            return .string(text.stripped(of: characters))
        case .indent:
            guard case .string = value else {
                if case .undefined(let origin) = value { throw origin.failure }
                throw .evaluation("'indent' needs a string, not \(value.typeName)")
            }
            return try indent(text, arguments)
        case .replace: return try replace(text, arguments)
        case .center:
            let width = try arguments.bind("center", ["width"])[0].integer("width", default: 80)
            return .string(try padded(text, width: width, fill: " ", .center))
        case .truncate: return try truncate(value, arguments)
        case .format:
            if arguments.named.isEmpty {
                return try made(try FormatString.percent(text, .tuple(try list(arguments.positional)), self))
            }
            guard arguments.positional.isEmpty else {
                throw .evaluation("'format' takes either positional or named arguments")
            }
            let map = MapValue()
            for (name, value) in arguments.named { try insert(value, key: .string(Text(name)), into: map) }
            return try made(try FormatString.percent(text, .map(map), self))
        default:
            _ = try arguments.positional(filter.rawValue, 0...0)
            return try convert(text, value, filter)
        }
    }

    /// Filters without arguments.
    private func convert(_ text: Text, _ value: Value, _ filter: Filter) throws(RenderFailure) -> Value {
        switch filter {
        case .upper: .string(text.uppercased())
        case .lower: .string(text.lowercased())
        case .capitalize: .string(text.capitalized())
        case .title: .string(text.titledWords())
        case .safe: .string(Text(text.bytes, isMarkup: true))
        case .escape, .e: try made(text.escaped)
        case .forceescape: try made(Text(text.bytes).escaped)
        case .wordcount: .int(text.wordCount)
        case .urlencode: try urlEncode(value)
        default: .string(text)
        }
    }

    private func indent(_ text: Text, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("indent", ["width", "first", "blank"])
        let indentation: [UInt8]
        if case .string(let text)? = values[0] {
            indentation = text.bytes
        } else {
            let width = max(0, try values[0].integer("width", default: 4))
            try charge(bytes: width)
            indentation = Array(repeating: UInt8(ascii: " "), count: width)
        }
        let lines = Text(text.bytes + [0x0A]).lines()
        let (growth, overflow) = lines.count.multipliedReportingOverflow(by: indentation.count + 1)
        try charge(bytes: overflow ? .max : growth)
        var result: [UInt8] = []
        for (index, line) in lines.enumerated() {
            if index > 0 { result.append(0x0A) }
            let isIndented = index == 0 ? values[1].isTrue : values[2].isTrue || !line.isEmpty
            if isIndented { result += indentation }
            result += line.bytes
        }
        return .string(text.derived(result))
    }

    private func replace(_ text: Text, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("replace", ["old", "new", "count"], required: 2)
        var count = -1
        if let limit = values[2], !limit.isNone { count = try values[2].integer("count", default: -1) }
        return try replacing(Text(text.bytes), try string(values[0]!), try string(values[1]!), count: count)
    }

    private func truncate(_ value: Value, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind("truncate", ["length", "killwords", "end", "leeway"])
        let limit = try values[0].integer("length", default: 255)
        let end = try values[2].text("end") ?? "..."
        let leeway = try values[3].flatMap { $0.isNone ? nil : $0 }.integer("leeway", default: 5)
        guard limit >= end.length, leeway >= 0 else { throw .evaluation("the length of 'truncate' is too small") }
        if try length(of: value) <= limit.addingReportingOverflow(leeway).partialValue { return value }
        guard case .string(let text) = value else {
            throw .evaluation("'truncate' needs a string, not \(value.typeName)")
        }
        guard case .string(var kept) = try slice(.string(text), start: 0, stop: limit - end.length, step: nil) else {
            return .string(text)
        }
        if !values[1].isTrue, let space = kept.bytes.lastIndex(of: UInt8(ascii: " ")) {
            kept = kept.derived(kept.bytes[..<space])
        }
        return .string(kept.derived(kept.bytes + end.bytes))
    }

    private func urlEncode(_ value: Value) throws(RenderFailure) -> Value {
        func quote(_ value: Value, isQuery: Bool) throws(RenderFailure) -> [UInt8] {
            var result: [UInt8] = []
            for byte in try string(value).bytes {
                switch byte {
                case _ where byte.isASCIILetter || byte.isASCIIDigit: result.append(byte)
                case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "~"): result.append(byte)
                case UInt8(ascii: "/") where !isQuery: result.append(byte)
                case UInt8(ascii: " ") where isQuery: result.append(UInt8(ascii: "+"))
                default:
                    let digits = String(byte, radix: 16, uppercase: true)
                    result += (byte < 0x10 ? "%0" : "%").utf8
                    result += digits.utf8
                }
            }
            return result
        }
        let pairs: [Value]
        switch value {
        case .map(let map): pairs = try items(of: .view(MapView(.items, of: map)))
        case .list, .tuple, .iterator, .view, .range: pairs = try items(of: value)
        default: return try made(Text(try quote(value, isQuery: false)))
        }
        var result: [UInt8] = []
        for (index, pair) in pairs.enumerated() {
            let parts = try items(of: pair)
            guard parts.count == 2 else { throw .evaluation("'urlencode' needs pairs") }
            if index > 0 { result.append(UInt8(ascii: "&")) }
            result += try quote(parts[0], isQuery: true)
            result.append(UInt8(ascii: "="))
            result += try quote(parts[1], isQuery: true)
        }
        return try made(Text(result))
    }
}
