/// Mistral's two forms: `[TOOL_CALLS][{"name": ..., "arguments": {...}, "id": ...}, ...]` and, since 2025,
/// `[TOOL_CALLS]name[CALL_ID]id[ARGS]{...}`, once for each call.
struct MistralCalls: JSONCallDialect {
    let triggers: Set<UInt8> = [
        UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "{"),
    ]
    let endTag: String? = nil
    let layout = ["]", ","]

    func opening(
        _ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures
    ) throws(NeedsMore) -> CallOpening? {
        if try look.take("[TOOL_CALLS]") {
            try look.takeSpace()
            if try look.take("[") {
                try look.takeSpace()
                return try look.takeEnvelope()
            }
            return try named(&look)
        }
        guard place.isAfterCall else { return nil }
        return try look.takeEnvelope()
    }

    private func named(_ look: inout Lookahead) throws(NeedsMore) -> CallOpening? {
        if try look.peek() == UInt8(ascii: "{") { return try look.takeEnvelope() }
        let name = try look.takeName()
        guard !name.isEmpty else { return nil }
        var id: String?
        if try look.take("[CALL_ID]") { id = try look.takeName() }
        let hasMark = try look.take("[ARGS]")
        try look.takeSpace()
        // Without the mark, only an object tells the arguments from prose.
        guard try look.peek() == UInt8(ascii: "{") || hasMark else { return nil }
        return CallOpening(name: name, id: id)
    }
}
