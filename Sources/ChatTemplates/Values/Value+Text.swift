/// Writes values as Python's `str` and `repr` do.
struct ValuePrinter {
    /// Bytes that may be written; the renderer's limit.
    let limit: Int
    var output: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func writeString(_ value: Value) throws(RenderFailure) {
        switch value {
        case .undefined: break
        case .string(let text), .largeInteger(let text): output += text.bytes
        default: try writeRepresentation(value)
        }
    }

    mutating func writeRepresentation(_ value: Value, depth: Int = 0) throws(RenderFailure) {
        guard depth < Value.traversalLimit else { throw Value.tooDeep }
        guard output.count <= limit else { throw .exhausted(.textBytes(limit: limit)) }
        switch value {
        case .undefined: output += "Undefined".utf8
        case .none: output += "None".utf8
        case .bool(let value): output += (value ? "True" : "False").utf8
        case .int(let value): output += String(value).utf8
        case .largeInteger(let digits): output += digits.bytes
        case .float(let value): output += pythonFloat(value).utf8
        case .string(let text):
            if text.isMarkup { output += "Markup(".utf8 }
            writeQuoted(text)
            if text.isMarkup { output += ")".utf8 }
        case .list(let list): try writeItems(list.items, "[", "]", depth)
        case .tuple(let tuple): try writeItems(tuple.items, "(", tuple.items.count == 1 ? ",)" : ")", depth)
        case .map(let map): try writeMap(map, depth)
        case .view(let view):
            output += view.kind.typeName.utf8
            try writeItems((0..<view.map.count).map { view[$0] }, "([", "])", depth)
        case .range(let range):
            output += "range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))".utf8
        case .namespace(let namespace):
            output += "<Namespace ".utf8
            try writeMap(namespace.attributes, depth)
            output += ">".utf8
        case .macro(let macro):
            output += "<Macro \(macro.definition.name.map { "'\($0)'" } ?? "anonymous")>".utf8
        case .iterator: output += "<generator object>".utf8
        case .loop: output += "<LoopContext>".utf8
        case .method: output += "<bound method>".utf8
        case .function: output += "<function>".utf8
        }
    }

    private mutating func writeItems(
        _ items: [Value], _ open: String, _ close: String, _ depth: Int
    ) throws(RenderFailure) {
        output += open.utf8
        for (index, item) in items.enumerated() {
            if index > 0 { output += ", ".utf8 }
            try writeRepresentation(item, depth: depth + 1)
        }
        output += close.utf8
    }

    private mutating func writeMap(_ map: MapValue, _ depth: Int) throws(RenderFailure) {
        output += "{".utf8
        for (index, key) in map.keys.enumerated() {
            if index > 0 { output += ", ".utf8 }
            try writeRepresentation(key, depth: depth + 1)
            output += ": ".utf8
            try writeRepresentation(map.values[index], depth: depth + 1)
        }
        output += "}".utf8
    }

    /// In single quotes, or in double quotes when that saves escapes.
    private mutating func writeQuoted(_ text: Text) {
        let single = UInt8(ascii: "'")
        let double = UInt8(ascii: "\"")
        let quote = text.bytes.contains(single) && !text.bytes.contains(double) ? double : single
        output.append(quote)
        for scalar in text.string.unicodeScalars {
            switch scalar {
            case "\\": output += "\\\\".utf8
            case "\n": output += "\\n".utf8
            case "\r": output += "\\r".utf8
            case "\t": output += "\\t".utf8
            case _ where scalar.value == UInt32(quote): output += [UInt8(ascii: "\\"), quote]
            case " "..."~": output.append(UInt8(truncatingIfNeeded: scalar.value))
            case _ where scalar.properties.isPrintable: output.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                let (prefix, width) =
                    scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
                output += prefix.utf8
                output += repeatElement(UInt8(ascii: "0"), count: width - digits.utf8.count)
                output += digits.utf8
            }
        }
        output.append(quote)
    }
}

/// Python's `repr` of a float: the shortest digits that read back equal, exponents below -4 and from 16.
func pythonFloat(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
    // Swift prints the same shortest digits, with other thresholds for the exponent.
    let printed = value.magnitude.description
    let parts = printed.split(separator: "e")
    var exponent = parts.count == 2 ? Int(parts[1])! : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    var digits = Array(mantissa[0].utf8) + (mantissa.count == 2 ? Array(mantissa[1].utf8) : [])
    exponent += mantissa[0].utf8.count - 1
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(leading)
    exponent -= leading
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    // Now the value is 0.d1d2d3... x 10^(exponent + 1).
    let text = String(decoding: digits, as: UTF8.self)
    let sign = value < 0 ? "-" : ""
    if exponent < -4 || exponent >= 16 {
        let magnitude = String(exponent.magnitude)
        let padded = (exponent < 0 ? "-" : "+") + (magnitude.utf8.count < 2 ? "0" : "") + magnitude
        return sign + text.prefix(1) + (digits.count > 1 ? "." + text.dropFirst() : "") + "e" + padded
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + text }
    if digits.count <= exponent + 1 {
        return sign + text + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
    }
    return sign + text.prefix(exponent + 1) + "." + text.dropFirst(exponent + 1)
}
