import JSON

/// Writes one argument as a member of a JSON object while its bare value comes in. Texts are told as they come; what may
/// be another type waits until it is whole.
struct ArgumentWriter: Sendable {
    private enum Form {
        case undecided
        case text
        case whole
    }

    private let types: ParameterTypes
    private let stripsLineEnds: Bool
    private var prefix: [UInt8]
    private var form: Form
    private var isAtStart = true
    /// A line end that may be the last.
    private var lineEnd = false
    private var collected: [UInt8] = []

    init(key: String, types: ParameterTypes, isFirst: Bool, stripsLineEnds: Bool, into output: inout [UInt8]) {
        self.types = types
        self.stripsLineEnds = stripsLineEnds
        prefix = Array((isFirst ? "" : ", ").utf8) + JSONText.quoted(key) + Array(": ".utf8)
        form = types == .string ? .text : types == [.string, .null] ? .undecided : .whole
        if form == .text {
            output += prefix + [0x22]
            prefix = []
        }
    }

    mutating func append(_ byte: UInt8, into output: inout [UInt8]) {
        defer { isAtStart = false }
        if byte == 0x0A, stripsLineEnds {
            if isAtStart { return }
            if lineEnd { add(byte, &output) }
            lineEnd = true
            return
        }
        if lineEnd {
            lineEnd = false
            add(0x0A, &output)
        }
        add(byte, &output)
    }

    /// The value is whole.
    mutating func finish(into output: inout [UInt8]) {
        switch form {
        case .text: output.append(0x22)
        case .undecided, .whole: output += prefix + types.coerce(collected)
        }
    }

    private mutating func add(_ byte: UInt8, _ output: inout [UInt8]) {
        switch form {
        case .text: JSONEscape.write(byte, to: &output)
        case .whole: collected.append(byte)
        case .undecided:
            collected.append(byte)
            if !["null", "None"].contains(where: { Array($0.utf8).starts(with: collected) }) {
                form = .text
                output += prefix + JSONText.quoted(collected).dropLast()
                prefix = []
                collected = []
            }
        }
    }
}
