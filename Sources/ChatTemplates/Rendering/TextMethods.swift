/// Methods of a Python string.
enum TextMethod: String {
    case strip, lstrip, rstrip, split, rsplit, splitlines, partition, rpartition, join
    case startswith, endswith, find, rfind, index, rindex, count
    case upper, lower, title, capitalize, swapcase, casefold
    case replace, removeprefix, removesuffix, center, ljust, rjust, zfill, format
    case isspace, isdigit, isnumeric, isdecimal, isalpha, isalnum, isupper, islower, istitle, isascii
    case formatMap = "format_map"
    case encode, expandtabs, isidentifier, isprintable, maketrans, translate
}

extension Renderer {
    func call(_ method: TextMethod, on text: Text, _ arguments: Arguments) throws(RenderFailure) -> Value {
        try charge(bytes: text.bytes.count)
        switch method {
        case .strip, .lstrip, .rstrip:
            let characters = try arguments.positional(method.rawValue, 0...1).first.text("chars")
            return .string(text.stripped(of: characters, leading: method != .rstrip, trailing: method != .lstrip))
        case .split, .rsplit: return try split(text, method, arguments)
        case .splitlines:
            let keepsEnds = try arguments.bind("splitlines", ["keepends"])[0]
            return .list(try list(text.lines(keepingEnds: keepsEnds.isTrue).map { .string($0) }))
        case .partition, .rpartition: return try partition(text, method, arguments)
        case .join: return try join(text, arguments)
        case .startswith, .endswith: return .bool(try hasAffix(text, method, arguments))
        case .find, .rfind, .index, .rindex, .count: return try search(text, method, arguments)
        case .replace: return try replace(text, arguments)
        case .removeprefix:
            let prefix = try textArgument(method, arguments)
            return .string(text.hasPrefix(prefix) ? text.derived(text.bytes[prefix.bytes.count...]) : text)
        case .removesuffix:
            let suffix = try textArgument(method, arguments)
            return .string(text.hasSuffix(suffix) ? text.derived(text.bytes.dropLast(suffix.bytes.count)) : text)
        case .center, .ljust, .rjust, .zfill: return try pad(text, method, arguments)
        case .format: return try made(try FormatString.braces(text, arguments, self))
        case .formatMap:
            guard case .map(let map) = try arguments.positional("format_map", 1...1)[0] else {
                throw .evaluation("'format_map' needs a map")
            }
            var named: [(name: String, value: Value)] = []
            for (key, value) in zip(map.keys, map.values) {
                if case .string(let name) = key { named.append((name.string, value)) }
            }
            return try made(try FormatString.braces(text, Arguments(named: named), self))
        case .encode, .expandtabs, .isidentifier, .isprintable, .maketrans, .translate:
            throw .unsupported("the string method '\(method.rawValue)'")
        case .upper, .lower, .title, .capitalize, .swapcase, .casefold, .isspace, .isdigit, .isnumeric, .isdecimal,
            .isalpha, .isalnum, .isupper, .islower, .istitle, .isascii:
            _ = try arguments.positional(method.rawValue, 0...0)
            return convert(text, method)
        }
    }

    /// Methods without arguments.
    private func convert(_ text: Text, _ method: TextMethod) -> Value {
        switch method {
        case .upper: .string(text.uppercased())
        case .lower: .string(text.lowercased())
        case .casefold: .string(text.caseFolded())
        case .title: .string(text.titlecased())
        case .capitalize: .string(text.capitalized())
        case .swapcase: .string(text.swappingCase())
        case .isspace: .bool(text.isSpace)
        case .isdigit: .bool(text.isAll(\.isDigit))
        case .isnumeric: .bool(text.isAll { $0.numericType != nil })
        case .isdecimal: .bool(text.isAll { $0.numericType == .decimal })
        case .isalpha: .bool(text.isAll(\.isLetter))
        case .isalnum: .bool(text.isAll(\.isAlphabeticOrNumeric))
        case .isupper: .bool(text.isCase(lower: false))
        case .islower: .bool(text.isCase(lower: true))
        case .istitle: .bool(text.isTitle)
        case .isascii: .bool(text.isASCII)
        default: .string(text)
        }
    }

    private func textArgument(_ method: TextMethod, _ arguments: Arguments) throws(RenderFailure) -> Text {
        guard let text = try arguments.positional(method.rawValue, 1...1).first.text("the argument") else {
            throw .evaluation("'\(method.rawValue)' needs a string")
        }
        return text
    }

    private func split(_ text: Text, _ method: TextMethod, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.bind(method.rawValue, ["sep", "maxsplit"])
        let separator = try values[0].text("sep")
        let limit = try values[1].integer("maxsplit", default: -1)
        let fromRight = method == .rsplit
        let parts: [Text]
        if let separator {
            guard !separator.isEmpty else { throw .evaluation("the separator of '\(method.rawValue)' is empty") }
            parts =
                fromRight
                ? text.splitFromRight(separator: separator, limit: limit)
                : text.split(separator: separator, limit: limit)
        } else {
            parts = fromRight ? text.splitAtWhitespaceFromRight(limit: limit) : text.splitAtWhitespace(limit: limit)
        }
        return .list(try list(parts.map { .string($0) }))
    }

    private func partition(_ text: Text, _ method: TextMethod, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let separator = try textArgument(method, arguments)
        guard !separator.isEmpty else { throw .evaluation("the separator of '\(method.rawValue)' is empty") }
        let all = 0..<text.bytes.count
        let place =
            method == .partition
            ? ByteSearcher(separator.bytes).firstIndex(in: text.bytes, range: all)
            : ByteSearcher.lastIndex(of: separator.bytes, in: text.bytes, range: all)
        let empty = text.derived([])
        guard let place else {
            let parts = method == .partition ? [text, empty, empty] : [empty, empty, text]
            return .tuple(try list(parts.map { .string($0) }))
        }
        let parts = [
            text.derived(text.bytes[..<place]), text.derived(separator.bytes),
            text.derived(text.bytes[(place + separator.bytes.count)...]),
        ]
        return .tuple(try list(parts.map { .string($0) }))
    }

    private func join(_ separator: Text, _ arguments: Arguments) throws(RenderFailure) -> Value {
        var result: [UInt8] = []
        for (index, item) in try items(of: try arguments.positional("join", 1...1)[0]).enumerated() {
            if index > 0 { result += separator.bytes }
            if separator.isMarkup {
                result += try softString(item).escaped.bytes
            } else {
                guard case .string(let text) = item else {
                    if case .undefined(let origin) = item { throw origin.failure }
                    throw .evaluation("'join' needs strings, but item \(index) is a \(item.typeName)")
                }
                result += text.bytes
            }
            guard result.count <= limits.textBytes else { throw .exhausted(.textBytes(limit: limits.textBytes)) }
        }
        return try made(separator.derived(result))
    }

    private func hasAffix(_ text: Text, _ method: TextMethod, _ arguments: Arguments) throws(RenderFailure) -> Bool {
        let values = try arguments.positional(method.rawValue, 1...3)
        let range = try byteRange(of: text, values.dropFirst())
        guard let range else { return false }
        let part = Text(text.bytes[range])
        var affixes = [values[0]]
        if case .tuple(let tuple) = values[0] { affixes = tuple.items }
        for affix in affixes {
            guard let affix = try Optional(affix).text("the argument") else {
                throw .evaluation("'\(method.rawValue)' needs a string")
            }
            if method == .startswith ? part.hasPrefix(affix) : part.hasSuffix(affix) { return true }
        }
        return false
    }

    /// The bytes between the code points `bounds`, which follow Python's rules; nil when the start is beyond the end.
    private func byteRange(of text: Text, _ bounds: ArraySlice<Value>) throws(RenderFailure) -> Range<Int>? {
        guard let first = bounds.first else { return 0..<text.bytes.count }
        let length = text.length
        func position(_ bound: Value?, default fallback: Int) throws(RenderFailure) -> Int {
            if case .some(.none) = bound { return fallback }
            let index = try bound.integer("the position", default: fallback)
            return index < 0 ? max(0, index + length) : index
        }
        let start = try position(first, default: 0)
        let stop = min(length, try position(bounds.dropFirst().first, default: length))
        guard start <= stop else { return nil }
        var offsets = (start: text.bytes.count, stop: text.bytes.count)
        var (index, count) = (0, 0)
        while index < text.bytes.count {
            if count == start { offsets.start = min(offsets.start, index) }
            if count == stop { offsets.stop = min(offsets.stop, index) }
            index += text.bytes.scalarWidth(at: index)
            count += 1
        }
        return offsets.start..<max(offsets.start, offsets.stop)
    }

    private func search(_ text: Text, _ method: TextMethod, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.positional(method.rawValue, 1...3)
        guard let part = try values.first.text("the argument") else {
            throw .evaluation("'\(method.rawValue)' needs a string")
        }
        let range = try byteRange(of: text, values.dropFirst())
        if method == .count { return .int(range.map { Text(text.bytes[$0]).occurrences(of: part).count } ?? 0) }
        let fromRight = method == .rfind || method == .rindex
        let place = range.flatMap { range in
            fromRight
                ? ByteSearcher.lastIndex(of: part.bytes, in: text.bytes, range: range)
                : ByteSearcher(part.bytes).firstIndex(in: text.bytes, range: range)
        }
        if let place { return .int(Text(text.bytes[..<place]).length) }
        guard method == .find || method == .rfind else { throw .evaluation("the string does not contain the part") }
        return .int(-1)
    }

    private func replace(_ text: Text, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.positional("replace", 2...3)
        guard let old = try Optional(values[0]).text("old"), var new = try Optional(values[1]).text("new") else {
            throw .evaluation("'replace' needs strings")
        }
        if text.isMarkup { new = new.escaped }
        let count = try (values.count > 2 ? values[2] : nil).integer("count", default: -1)
        return try replacing(text, old, new, count: count)
    }

    /// Replacement under the limit of text, which the replaced text could exceed by far.
    func replacing(_ text: Text, _ old: Text, _ new: Text, count: Int) throws(RenderFailure) -> Value {
        try charge(bytes: text.bytes.count)
        if new.bytes.count > old.bytes.count {
            let places = text.occurrences(of: old, limit: count < 0 ? .max : count).count
            let (growth, overflow) = places.multipliedReportingOverflow(by: new.bytes.count)
            try charge(bytes: overflow ? .max : growth)
        }
        return .string(text.replacing(old, with: new, count: count))
    }

    private func pad(_ text: Text, _ method: TextMethod, _ arguments: Arguments) throws(RenderFailure) -> Value {
        let values = try arguments.positional(method.rawValue, method == .zfill ? 1...1 : 1...2)
        let width = try values.first.integer("width", default: 0)
        let fill = try (values.count > 1 ? values[1] : nil).text("fillchar") ?? (method == .zfill ? "0" : " ")
        guard fill.length == 1 else { throw .evaluation("the fill character must be one character") }
        return .string(try padded(text, width: width, fill: text.isMarkup ? fill.escaped : fill, method))
    }

    func padded(_ text: Text, width: Int, fill: Text, _ method: TextMethod) throws(RenderFailure) -> Text {
        let missing = width.subtractingReportingOverflow(text.length).partialValue
        guard width > 0, missing > 0 else { return text }
        let (size, overflow) = missing.multipliedReportingOverflow(by: fill.bytes.count)
        try charge(bytes: overflow ? .max : size)
        // Python puts the odd one to the left, unless the width is even.
        let left: Int =
            switch method {
            case .center: missing / 2 + (missing & width & 1)
            case .ljust: 0
            default: missing
            }
        let padding = { (count: Int) in Array(repeatElement(fill.bytes, count: count).joined()) }
        if method == .zfill, let sign = text.bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            return text.derived([sign] + padding(missing) + text.bytes.dropFirst())
        }
        return text.derived(padding(left) + text.bytes + padding(missing - left))
    }
}
