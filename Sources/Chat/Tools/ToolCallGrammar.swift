/// How a family of models writes calls: a state machine that `ToolCallParser` asks at every place where a call may begin,
/// and hands the bytes to while one is open.
protocol ToolCallGrammar: Sendable {
    /// The bytes that begin calls, and what surrounds them.
    var triggers: Set<UInt8> { get }

    /// What is at the cursor, in text. Leaves the cursor behind it, unless it is nothing.
    mutating func open(
        _ look: inout Lookahead, _ place: TextPlace, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> GrammarOpening

    /// Moves on within a call, as far as the input goes.
    mutating func advance(_ input: inout ParserInput, _ output: inout ToolCallOutput) throws(NeedsMore) -> CallProgress

    /// The answer ends within a call.
    mutating func abandon(_ output: inout ToolCallOutput)
}

/// Where in the answer a grammar is asked.
struct TextPlace {
    /// Nothing but white space came before.
    var isStart: Bool
    /// Nothing but white space came before in this line.
    var isLineStart: Bool
    /// Nothing but white space came since the last call.
    var isAfterCall: Bool
    /// A call ended early: its rest is text, up to its end tag.
    var isRecovering: Bool
}

enum GrammarOpening {
    /// Just text.
    case nothing
    /// Layout, which nobody is to see.
    case layout
    /// A call, begun in the output.
    case call
}

enum CallProgress {
    case open
    case ended
    /// The call was closed where it broke; what follows is text.
    case broken
}

/// A call whose beginning was seen.
struct CallOpening {
    enum Arguments {
        /// They follow.
        case follow
        case none
        /// They came before the name: JSON, rewritten.
        case given([UInt8])
    }

    var name: String
    var id: String?
    var arguments = Arguments.follow
    /// Name and arguments are members of one object, which is to end after the arguments.
    var isEnvelope = false
}

/// Everything is text.
struct NoCallGrammar: ToolCallGrammar {
    var triggers: Set<UInt8> { [] }

    mutating func open(
        _ look: inout Lookahead, _ place: TextPlace, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> GrammarOpening { .nothing }

    mutating func advance(
        _ input: inout ParserInput, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> CallProgress { .ended }

    mutating func abandon(_ output: inout ToolCallOutput) {}
}
