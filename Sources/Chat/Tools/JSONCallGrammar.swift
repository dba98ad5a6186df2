/// What differs among formats whose arguments are JSON.
protocol JSONCallDialect: Sendable {
    var triggers: Set<UInt8> { get }
    /// What stands behind a call, if anything does; a call whose JSON breaks is text up to there.
    var endTag: String? { get }
    /// What may stand around calls besides: skipped behind one.
    var layout: [String] { get }

    /// The beginning of a call at the cursor, up to its arguments. With nothing there the cursor may be anywhere.
    func opening(_ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures) throws(NeedsMore) -> CallOpening?
}

/// Calls with JSON arguments.
struct JSONCallGrammar<Dialect: JSONCallDialect>: ToolCallGrammar {
    private enum State {
        case beforeArguments
        case arguments(LenientJSON)
        /// Arguments that are no object, collected.
        case value(LenientJSON, [UInt8])
        case tail
    }

    private let dialect: Dialect
    private let tools: ToolSignatures
    private var state = State.tail
    private var isEnvelope = false

    init(_ dialect: Dialect, _ tools: ToolSignatures) {
        self.dialect = dialect
        self.tools = tools
    }

    var triggers: Set<UInt8> { dialect.triggers }

    mutating func open(
        _ look: inout Lookahead, _ place: TextPlace, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> GrammarOpening {
        let start = look.offset
        if let call = try dialect.opening(&look, place, tools) {
            begin(call, &output)
            return .call
        }
        look.offset = start
        if place.isRecovering, let endTag = dialect.endTag, try look.take(endTag) { return .layout }
        if place.isAfterCall, try look.take(anyOf: dialect.layout) { return .layout }
        return .nothing
    }

    private mutating func begin(_ call: CallOpening, _ output: inout ToolCallOutput) {
        output.beginCall(name: call.name, id: call.id)
        isEnvelope = call.isEnvelope
        switch call.arguments {
        case .follow: state = .beforeArguments
        case .none:
            output.writeArguments("{}".utf8)
            state = .tail
        case .given(let bytes):
            output.writeArguments(Self.object(bytes))
            state = .tail
        }
    }

    mutating func advance(
        _ input: inout ParserInput, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> CallProgress {
        switch state {
        case .beforeArguments:
            guard !input.isEmpty else { throw NeedsMore() }
            let byte = input.bytes[input.position]
            if byte.isJSONSpace {
                input.position += 1
            } else {
                state = byte == UInt8(ascii: "{") ? .arguments(LenientJSON()) : .value(LenientJSON(), [])
            }
            return .open
        case .arguments(var json):
            // Out of the state while it changes, so that nothing is copied.
            state = .tail
            var written: [UInt8] = []
            defer { output.writeArguments(written) }
            while !input.isEmpty {
                do {
                    if try endsEarly(json, input) {
                        json.close(into: &written)
                        return .open
                    }
                } catch {
                    state = .arguments(json)
                    throw error
                }
                switch json.feed(input.bytes[input.position], into: &written) {
                case .more: input.position += 1
                case .complete:
                    input.position += 1
                    return .open
                case .malformed:
                    json.close(into: &written)
                    output.writeArguments(written)
                    written = []
                    return isAtEnd(input) ? .open : finish(.broken, &output)
                }
            }
            state = .arguments(json)
            throw NeedsMore()
        case .value(var json, var collected):
            while !input.isEmpty {
                let byte = input.bytes[input.position]
                var isEnd = !json.isInString && !json.isNested && (byte == 0x7D || byte == 0x2C || byte == 0x3C)
                if !isEnd {
                    let verdict = json.feed(byte, into: &collected)
                    isEnd = verdict != .more
                    if verdict != .malformed { input.position += 1 }
                }
                if isEnd {
                    json.close(into: &collected)
                    output.writeArguments(Self.object(collected))
                    state = .tail
                    return .open
                }
            }
            state = .value(json, collected)
            throw NeedsMore()
        case .tail:
            var look = input.lookahead
            if isEnvelope { try look.takeEnvelopeTail() }
            if let endTag = dialect.endTag {
                let end = look.offset
                try look.takeSpace()
                if try !look.take(endTag) { look.offset = end }
            }
            input.position = look.offset
            return finish(.ended, &output)
        }
    }

    mutating func abandon(_ output: inout ToolCallOutput) {
        switch state {
        case .beforeArguments: output.writeArguments("{}".utf8)
        case .arguments(var json):
            var written: [UInt8] = []
            json.close(into: &written)
            output.writeArguments(written)
        case .value(var json, var collected):
            json.close(into: &collected)
            output.writeArguments(Self.object(collected))
        case .tail: break
        }
        _ = finish(.ended, &output)
    }

    private mutating func finish(_ progress: CallProgress, _ output: inout ToolCallOutput) -> CallProgress {
        output.endCall()
        state = .tail
        return progress
    }

    /// Whether a string that was never closed runs into the end of its call. That it does is known when after the end
    /// tag the answer ends, or another call begins: within a string its quotes would be escaped. Behind a line end, which
    /// strings do not have, the end tag alone on its line is enough.
    private func endsEarly(_ json: LenientJSON, _ input: ParserInput) throws(NeedsMore) -> Bool {
        guard json.isInString, dialect.triggers.contains(input.bytes[input.position]) else { return false }
        var look = input.lookahead
        if let endTag = dialect.endTag {
            guard try look.take(endTag) else { return false }
            let end = look.offset
            if json.isBehindLineEnd, try look.peek() == 0x0A { return true }
            if try look.takeEnd() { return true }
            if try look.take(anyOf: dialect.layout) {
                if try look.takeEnd() { return true }
            } else {
                look.offset = end
            }
            try look.takeSpace()
        }
        let place = TextPlace(isStart: false, isLineStart: false, isAfterCall: false, isRecovering: false)
        guard try dialect.opening(&look, place, tools) != nil else { return false }
        try look.takeSpace()
        guard try look.take("{") else { return false }
        try look.takeSpace()
        return try look.take(anyOf: ["\"", "}"])
    }

    /// Whether the end tag is here, where more of the object was expected.
    private func isAtEnd(_ input: ParserInput) -> Bool {
        guard let endTag = dialect.endTag else { return false }
        return endTag.utf8.first == input.bytes[input.position]
    }

    /// Arguments that are something else: a text that holds the object, nothing, or one value without a name.
    private static func object(_ json: [UInt8]) -> [UInt8] {
        if json.first == UInt8(ascii: "{") { return json }
        if json.first == UInt8(ascii: "\""), let text = JSONText.string(json) {
            if text.allSatisfy(\.isJSONSpace) { return Array("{}".utf8) }
            if text.first == UInt8(ascii: "{"), let object = JSONText.value(text) { return object }
        }
        if json.elementsEqual("null".utf8) { return Array("{}".utf8) }
        return Array("{\"arguments\": ".utf8) + json + Array("}".utf8)
    }
}
