/// gpt-oss: an answer is several messages, each on a channel. `analysis` is thought, `final` the answer, and a message to
/// `functions.name` a call. Only the headers count, in the order that the format has them.
///
/// - SeeAlso: https://cookbook.openai.com/articles/openai-harmony
struct HarmonyMessages: JSONCallDialect {
    let triggers: Set<UInt8> = [UInt8(ascii: "<"), UInt8(ascii: "t")]
    let endTag: String? = "<|call|>"
    let layout = ["<|call|>", "<|end|>"]

    func opening(
        _ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures
    ) throws(NeedsMore) -> CallOpening? {
        guard let header = try look.takeHarmonyHeader(place), let recipient = header.recipient else { return nil }
        let name = recipient.hasPrefix("functions.") ? String(recipient.dropFirst("functions.".count)) : recipient
        return CallOpening(name: name)
    }
}

/// The channels of harmony around its calls.
struct HarmonyGrammar: ToolCallGrammar {
    private var calls: JSONCallGrammar<HarmonyMessages>

    init(_ tools: ToolSignatures) { calls = JSONCallGrammar(HarmonyMessages(), tools) }

    var triggers: Set<UInt8> { calls.triggers }

    mutating func open(
        _ look: inout Lookahead, _ place: TextPlace, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> GrammarOpening {
        let start = look.offset
        if let header = try look.takeHarmonyHeader(place), header.recipient == nil {
            output.turn(to: header.isThinking ? .thinking : .text)
            return .layout
        }
        look.offset = start
        let opening = try calls.open(&look, place, &output)
        guard case .nothing = opening else { return opening }
        look.offset = start
        // A message ends where the next begins, or the answer does.
        guard try look.take(anyOf: ["<|end|>", "<|return|>", "<|call|>"]) else { return .nothing }
        let end = look.offset
        var isEnd = try look.takeEnd()
        if !isEnd { isEnd = try look.takeHarmonyHeader(place) != nil }
        look.offset = end
        return isEnd ? .layout : .nothing
    }

    mutating func advance(
        _ input: inout ParserInput, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> CallProgress {
        try calls.advance(&input, &output)
    }

    mutating func abandon(_ output: inout ToolCallOutput) { calls.abandon(&output) }
}

private struct HarmonyHeader {
    var channel = ""
    var recipient: String?
    var isThinking: Bool { channel == "analysis" }
}

extension Lookahead {
    /// `<|start|>assistant to=functions.name<|channel|>commentary <|constrain|>json<|message|>`, of which the prompt may
    /// hold the beginning, and where the recipient may also follow the channel.
    fileprivate mutating func takeHarmonyHeader(_ place: TextPlace) throws(NeedsMore) -> HarmonyHeader? {
        var header = HarmonyHeader()
        if try take("<|start|>") {
            guard try take("assistant") else { return nil }
        } else if !place.isStart {
            return nil
        }
        try takeSpace()
        if try take("to=") {
            header.recipient = try takeName()
            try takeSpace()
        }
        guard try take("<|channel|>") else { return nil }
        header.channel = try takeName()
        try takeSpace()
        if try take("to=") {
            header.recipient = try takeName()
            try takeSpace()
        }
        _ = try take("<|constrain|>")
        _ = try takeName()
        try takeSpace()
        guard try take("<|message|>"), ["analysis", "commentary", "final"].contains(header.channel) else { return nil }
        return header
    }
}
