/// Writes values as Python's `json.dumps` does, with the options that the `tojson` filter of chat templates takes.
struct JSONWriter {
    /// Bytes that may be written; the renderer's limit.
    let limit: Int
    /// Whether code points beyond ASCII become `\u` escapes.
    var escapesNonASCII = false
    /// What each level is indented with; nil writes everything on one line.
    var indentation: [UInt8]?
    var itemSeparator: [UInt8] = Array(", ".utf8)
    var keySeparator: [UInt8] = Array(": ".utf8)
    var sortsKeys = false
    private(set) var output: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func write(_ value: Value, depth: Int = 0) throws(RenderFailure) {
        guard depth < Value.traversalLimit else { throw Value.tooDeep }
        guard output.count <= limit else { throw .exhausted(.textBytes(limit: limit)) }
        switch value {
        case .none: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .int(let value): output += String(value).utf8
        case .largeInteger(let digits): output += digits.bytes
        case .float(let value): output += Self.float(value).utf8
        case .string(let text): writeString(text)
        case .list(let list), .tuple(let list): try writeList(list.items, depth)
        case .map(let map): try writeMap(map, depth)
        default: throw .evaluation("a value of type \(value.typeName) can't be written as JSON")
        }
    }

    private static func float(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return pythonFloat(value)
    }

    private mutating func newLine(_ depth: Int) throws(RenderFailure) {
        guard let indentation else { return }
        output.append(UInt8(ascii: "\n"))
        guard indentation.count * depth <= limit else { throw .exhausted(.textBytes(limit: limit)) }
        for _ in 0..<depth { output += indentation }
    }

    private mutating func writeList(_ items: [Value], _ depth: Int) throws(RenderFailure) {
        output.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { output += itemSeparator }
            try newLine(depth + 1)
            try write(item, depth: depth + 1)
        }
        if !items.isEmpty { try newLine(depth) }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func writeMap(_ map: MapValue, _ depth: Int) throws(RenderFailure) {
        output.append(UInt8(ascii: "{"))
        var order = Array(0..<map.count)
        if sortsKeys {
            order = try order.map { Value.int($0) }.sorted(by: map.keys, descending: false).map {
                if case .int(let position) = $0 { position } else { 0 }
            }
        }
        for (index, position) in order.enumerated() {
            if index > 0 { output += itemSeparator }
            try newLine(depth + 1)
            switch map.keys[position] {
            case .string(let text): writeString(text)
            case .none: writeString("null")
            case .bool(let value): writeString(value ? "true" : "false")
            case .int(let value): writeString(Text(String(value)))
            case .largeInteger(let digits): writeString(digits)
            case .float(let value): writeString(Text(Self.float(value)))
            case let key: throw .evaluation("a key of type \(key.typeName) can't be written as JSON")
            }
            output += keySeparator
            try write(map.values[position], depth: depth + 1)
        }
        if map.count > 0 { try newLine(depth) }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func writeString(_ text: Text) {
        output.append(UInt8(ascii: "\""))
        if escapesNonASCII, text.bytes.contains(where: { $0 >= 0x7F }) {
            for scalar in text.string.unicodeScalars {
                if scalar.value < 0x7F {
                    writeASCII(UInt8(truncatingIfNeeded: scalar.value))
                } else {
                    for unit in UTF16.encode(scalar)! { writeEscape(unit) }
                }
            }
        } else {
            // Whole runs that need no escape are copied at once.
            var copied = 0
            for (index, byte) in text.bytes.enumerated()
            where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                output += text.bytes[copied..<index]
                writeASCII(byte)
                copied = index + 1
            }
            output += text.bytes[copied...]
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeASCII(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): output += "\\\"".utf8
        case UInt8(ascii: "\\"): output += "\\\\".utf8
        case 0x0A: output += "\\n".utf8
        case 0x0D: output += "\\r".utf8
        case 0x09: output += "\\t".utf8
        case 0x08: output += "\\b".utf8
        case 0x0C: output += "\\f".utf8
        case 0..<0x20: writeEscape(UInt16(byte))
        default: output.append(byte)
        }
    }

    private mutating func writeEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16)
        output += "\\u".utf8
        output += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        output += digits.utf8
    }
}
