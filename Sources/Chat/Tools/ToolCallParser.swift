/// Finds the calls in an answer while it is made.
///
/// A state machine without effects: bytes in, events out. Only structure counts. A tag that prose or code mentions stays
/// text, a value is told as it comes, thoughts hold no calls, and a call that breaks is closed where it broke, with the
/// rest as text. How the answer is cut into pieces changes nothing but the cuts of the events.
package struct ToolCallParser: Sendable {
    private enum State {
        /// Before anything but white space.
        case start
        case text
        case thinking
        case call
    }

    private let format: ToolCallFormat
    private var grammar: any ToolCallGrammar
    private var input = ParserInput()
    private var output: ToolCallOutput
    private var state: State
    private var isRecovering = false
    private let triggers: Set<UInt8>

    /// - Parameters:
    ///   - tools: those that the model was shown.
    ///   - findsCalls: otherwise calls are text, and only thoughts are told apart.
    ///   - opensInThinking: the prompt ends within a thought.
    ///   - makeID: an id for the call of this index, where the model gives none.
    package init(
        _ format: ToolCallFormat, tools: [ToolDefinition], findsCalls: Bool = true, opensInThinking: Bool = false,
        makeID: @escaping @Sendable (Int) -> String = { _ in ToolCall.randomID() }
    ) {
        self.format = format
        grammar = findsCalls ? format.grammar(ToolSignatures(tools)) : format.grammarWithoutCalls
        output = ToolCallOutput(makeID: makeID)
        triggers = grammar.triggers
        state = .start
        if opensInThinking {
            state = .thinking
            output.turn(to: .thinking)
        }
    }

    /// How many calls have begun.
    package var callCount: Int { output.callCount + (state == .call ? 1 : 0) }

    package mutating func append(_ text: String) -> [ChatEvent] { append(text.utf8) }

    /// Pieces need not be whole characters; events are.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [ChatEvent] {
        input.append(bytes)
        run()
        return output.take()
    }

    /// The end of the answer: what was held back, and the end of a call that is still open.
    package mutating func finish() -> [ChatEvent] {
        input.isFinal = true
        run()
        if state == .call { grammar.abandon(&output) }
        state = .text
        output.finish()
        return output.take()
    }

    private mutating func run() {
        do {
            while !input.isEmpty || (input.isFinal && state == .call) { try step() }
        } catch {
            // The rest waits for more, or for `finish`.
        }
    }

    private mutating func step() throws(NeedsMore) {
        switch state {
        case .start:
            var look = input.lookahead
            while let byte = try look.peek(), byte.isJSONSpace { look.offset += 1 }
            if let tags = format.thinkingTags, try look.take(tags.opening) {
                input.position = look.offset
                output.turn(to: .thinking)
                state = .thinking
            } else {
                state = .text
            }
        case .thinking: try think()
        case .text: try read()
        case .call:
            switch try grammar.advance(&input, &output) {
            case .open: break
            case .ended: state = .text
            case .broken:
                state = .text
                isRecovering = true
            }
        }
    }

    private mutating func think() throws(NeedsMore) {
        guard let closing = format.thinkingTags?.closing, let first = closing.utf8.first else {
            state = .text
            return
        }
        let end = input.bytes[input.position...].firstIndex(of: first) ?? input.bytes.count
        output.write(input.bytes[input.position..<end])
        input.position = end
        guard !input.isEmpty else { return }
        var look = input.lookahead
        if try look.take(closing) {
            input.position = look.offset
            output.turn(to: .text)
            state = .text
        } else {
            output.write(first)
            input.position += 1
        }
    }

    private mutating func read() throws(NeedsMore) {
        let end = input.bytes[input.position...].firstIndex(where: triggers.contains) ?? input.bytes.count
        output.write(input.bytes[input.position..<end])
        input.position = end
        guard !input.isEmpty else { return }
        var look = input.lookahead
        let place = TextPlace(
            isStart: output.isBlank && output.callCount == 0, isLineStart: output.isLineStart,
            isAfterCall: output.isAfterCall, isRecovering: isRecovering)
        switch try grammar.open(&look, place, &output) {
        case .nothing:
            output.write(input.bytes[input.position])
            input.position += 1
        case .layout:
            input.position = look.offset
            output.skipLayout()
            isRecovering = false
        case .call:
            input.position = look.offset
            isRecovering = false
            state = .call
        }
    }
}
