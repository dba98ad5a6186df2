/// Runs a format string with fields in braces.
struct BraceFormatter {
    let format: [UInt8]
    /// Whether values are escaped, as a safe format string demands.
    let escapesValues: Bool
    let arguments: Arguments
    let renderer: Renderer
    private var index = 0
    private var nextPosition = 0

    init(_ format: Text, arguments: Arguments, renderer: Renderer) {
        self.format = format.bytes
        escapesValues = format.isMarkup
        self.arguments = arguments
        self.renderer = renderer
    }

    private static let malformed = RenderFailure.evaluation("the format string is malformed")

    mutating func run() throws(RenderFailure) -> [UInt8] {
        var result: [UInt8] = []
        while index < format.count {
            let byte = format[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{") where index < format.count && format[index] == byte:
                result.append(byte)
                index += 1
            case UInt8(ascii: "{"): result += try readField().bytes
            case UInt8(ascii: "}"):
                guard index < format.count, format[index] == byte else { throw Self.malformed }
                result.append(byte)
                index += 1
            default: result.append(byte)
            }
            guard result.count <= renderer.limits.textBytes else {
                throw .exhausted(.textBytes(limit: renderer.limits.textBytes))
            }
        }
        return result
    }

    /// `{name.attribute[key]!conversion:specification}`, with `index` after the opening brace.
    private mutating func readField() throws(RenderFailure) -> Text {
        var value = try readValue()
        if index < format.count, format[index] == UInt8(ascii: "!") {
            guard index + 1 < format.count else { throw Self.malformed }
            switch format[index + 1] {
            case UInt8(ascii: "s"): value = .string(try renderer.string(value))
            case UInt8(ascii: "r"), UInt8(ascii: "a"): value = .string(try renderer.representation(value))
            default: throw Self.malformed
            }
            index += 2
        }
        var specification: [UInt8] = []
        if index < format.count, format[index] == UInt8(ascii: ":") {
            index += 1
            while index < format.count, format[index] != UInt8(ascii: "}") {
                if format[index] == UInt8(ascii: "{") {
                    index += 1
                    specification += try renderer.string(try readValue()).bytes
                    guard index < format.count, format[index] == UInt8(ascii: "}") else { throw Self.malformed }
                } else {
                    specification.append(format[index])
                }
                index += 1
            }
        }
        guard index < format.count, format[index] == UInt8(ascii: "}") else { throw Self.malformed }
        index += 1
        if escapesValues, case .string(let text) = value, text.isMarkup { return text }
        let text = try FieldFormatter(specification: specification, renderer).format(value)
        return escapesValues ? text.escaped : text
    }

    /// The value that the name of a field means.
    private mutating func readValue() throws(RenderFailure) -> Value {
        let start = index
        while index < format.count, !isEnd(format[index]), ![0x2E, 0x5B].contains(format[index]) { index += 1 }
        let name = String(decoding: format[start..<index], as: UTF8.self)
        var value: Value
        if name.isEmpty || Int(name) != nil {
            let position = Int(name) ?? nextPosition
            if name.isEmpty { nextPosition += 1 }
            guard arguments.positional.indices.contains(position) else {
                throw .evaluation("the format string has more fields than values")
            }
            value = arguments.positional[position]
        } else {
            guard let named = arguments.named.first(where: { $0.name == name }) else {
                throw .evaluation("the format string needs a value named '\(name)'")
            }
            value = named.value
        }
        while index < format.count, !isEnd(format[index]) {
            let isAttribute = format[index] == UInt8(ascii: ".")
            guard isAttribute || format[index] == UInt8(ascii: "[") else { throw Self.malformed }
            index += 1
            let start = index
            while index < format.count,
                isAttribute ? !isEnd(format[index]) && ![0x2E, 0x5B].contains(format[index]) : format[index] != 0x5D
            {
                index += 1
            }
            let part = String(decoding: format[start..<index], as: UTF8.self)
            if isAttribute {
                value = try renderer.attribute(AttributeName(part), of: value)
            } else {
                guard index < format.count else { throw Self.malformed }
                index += 1
                value = try renderer.item(Int(part).map { .int($0) } ?? .string(Text(part)), of: value)
            }
        }
        return value
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: ":")
    }
}
