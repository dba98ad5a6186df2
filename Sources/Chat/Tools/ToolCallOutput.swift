/// Turns bytes of text, thinking and arguments into events of whole characters.
///
/// White space beside a call or a thought is layout: it becomes text only when text follows that is not at its edge.
struct ToolCallOutput: Sendable {
    enum Stream: Hashable, Sendable {
        case text
        case thinking
    }

    private(set) var events: [ChatEvent] = []
    /// Where what is written goes.
    private(set) var stream = Stream.text
    /// No text since the last call.
    private(set) var isAfterCall = false
    /// Nothing but white space so far.
    private(set) var isBlank = true
    /// The next byte begins a line.
    private(set) var isLineStart = true
    private(set) var callCount = 0

    private var pending: [UInt8] = []
    private var space: [UInt8] = []
    /// White space at the beginning of a stream goes away; at the beginning of the answer it stays.
    private var dropsSpace = false
    private var arguments: [UInt8] = []
    private let makeID: @Sendable (Int) -> String

    init(makeID: @escaping @Sendable (Int) -> String) { self.makeID = makeID }

    mutating func write(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { write(byte) }
    }

    mutating func write(_ byte: UInt8) {
        isLineStart = byte == 0x0A || (isLineStart && byte.isJSONSpace)
        if byte.isJSONSpace {
            space.append(byte)
            return
        }
        if !dropsSpace { pending += space }
        space.removeAll(keepingCapacity: true)
        dropsSpace = false
        pending.append(byte)
        if stream == .text { isAfterCall = false }
        isBlank = false
    }

    /// Layout follows: what is behind it counts as its edge.
    mutating func skipLayout() {
        if isAfterCall { space = [] }
    }

    /// From here on, bytes are text or thoughts.
    mutating func turn(to next: Stream) {
        guard next != stream else { return }
        flush()
        space = []
        dropsSpace = true
        stream = next
        isLineStart = true
    }

    mutating func beginCall(name: String, id: String?) {
        turn(to: .text)
        flush()
        space = []
        let id = id.flatMap { $0.isEmpty ? nil : $0 } ?? makeID(callCount)
        events.append(.callBegan(index: callCount, id: id, name: name))
    }

    mutating func writeArguments(_ bytes: some Sequence<UInt8>) { arguments.append(contentsOf: bytes) }

    mutating func endCall() {
        flushArguments(wholly: true)
        events.append(.callEnded(index: callCount))
        callCount += 1
        isAfterCall = true
        isLineStart = true
    }

    /// The end of the answer.
    mutating func finish() {
        if stream == .text, !isAfterCall, !dropsSpace { pending += space }
        space = []
        flush()
    }

    /// What can be told so far.
    mutating func take() -> [ChatEvent] {
        flushText(wholly: false)
        flushArguments(wholly: false)
        defer { events = [] }
        return events
    }

    private mutating func flush() { flushText(wholly: true) }

    private mutating func flushText(wholly: Bool) {
        let text = Self.characters(of: &pending, wholly: wholly)
        guard !text.isEmpty else { return }
        events.append(stream == .text ? .text(text) : .thinking(text))
    }

    private mutating func flushArguments(wholly: Bool) {
        let text = Self.characters(of: &arguments, wholly: wholly)
        guard !text.isEmpty else { return }
        events.append(.callArguments(index: callCount, fragment: text))
    }

    /// Takes the whole characters; of bytes that are none, U+FFFD.
    private static func characters(of bytes: inout [UInt8], wholly: Bool) -> String {
        guard !bytes.isEmpty else { return "" }
        let count = wholly ? bytes.count : bytes.count - incompleteSuffix(of: bytes)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        bytes.removeFirst(count)
        return text
    }

    /// How many bytes at the end may be the beginning of a character.
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            if lead & 0xC0 == 0x80 { continue }
            let needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
            return length < needed ? length : 0
        }
        return 0
    }
}
