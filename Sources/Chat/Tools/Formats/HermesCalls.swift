/// `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`: Hermes, Qwen2.5, Qwen3 and many others.
///
/// Small models leave the tags out, write others, or fence the object as code; each counts where a line begins with it
/// and the name is a tool's.
struct HermesCalls: JSONCallDialect {
    let triggers: Set<UInt8> = [UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "`")]
    let endTag: String? = "</tool_call>"
    let layout = ["</tool_call>", "</tools>", "```"]

    func opening(
        _ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures
    ) throws(NeedsMore) -> CallOpening? {
        if try look.take("<tool_call>") {
            try look.takeSpace()
            return try look.takeEnvelope()
        }
        guard place.isLineStart else { return nil }
        if try look.take("<tools>") {
            try look.takeSpace()
        } else if try look.take("```") {
            _ = try look.take(anyOf: ["json", "xml", "tool_call"])
            try look.takeSpace()
            if try look.take("<tool_call>") { try look.takeSpace() }
        }
        guard let call = try look.takeEnvelope(isCertain: false), tools.isKnown(call.name) else { return nil }
        return call
    }
}
