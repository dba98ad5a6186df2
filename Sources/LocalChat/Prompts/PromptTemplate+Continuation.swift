package import Chat
import Grammars

/// Answers whose beginning is given: the model goes on with them.
extension PromptTemplate {
    /// A prompt that ends within the answer instead of before it.
    ///
    /// The text of the message follows what the template puts where answers begin. A thought that this opens, or that the
    /// message has, is closed before it.
    package func prompt(_ prompt: Prompt, continuing answer: Message) -> Prompt {
        var text = prompt.text
        if prompt.opensInThinking || answer.thinking != nil,
            let thought = format.thought(opensInThinking: prompt.opensInThinking)
        {
            // Where tags surround it, it stands in lines of its own.
            let lineBreak = format.thinkingTags == nil ? "" : "\n"
            let words = answer.thinking.map { $0 + lineBreak } ?? ""
            text += (thought.opening ?? "") + lineBreak + words + thought.closing + lineBreak + lineBreak
        }
        return Prompt(text: text + format.textOpening + answer.content, opensInThinking: false)
    }

    /// What a reader of answers has to see in place of a beginning that is told already, to go on from there: what turns it
    /// to text, that there was some, and whether a line begins.
    func beginning(like text: String) -> String {
        guard let last = text.utf8.last, text.contains(where: { !$0.isWhitespace }) else { return format.textOpening }
        return format.textOpening + (last == UInt8(ascii: "\n") ? ".\n" : ".")
    }
}
