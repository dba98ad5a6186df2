/// Reads a model's raw answer: its text becomes text, thoughts and calls; all other events pass.
///
/// The text has to hold the control tokens: several formats write calls with them.
package struct AnswerReader: Sendable {
    private var parser: ToolCallParser

    package init(_ parser: ToolCallParser) { self.parser = parser }

    package mutating func read(_ event: ChatEvent) -> [ChatEvent] {
        switch event {
        case .text(let piece): parser.append(piece)
        case .finished: parser.finish() + [event]
        case .reading, .token, .thinking, .callBegan, .callArguments, .callEnded: [event]
        }
    }
}
