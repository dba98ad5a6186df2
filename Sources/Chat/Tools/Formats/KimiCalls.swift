/// Kimi K2: `<|tool_call_begin|>functions.name:0<|tool_call_argument_begin|>{...}<|tool_call_end|>` in a section; what
/// comes before the arguments is also the id.
struct KimiCalls: JSONCallDialect {
    let triggers: Set<UInt8> = [UInt8(ascii: "<")]
    let endTag: String? = "<|tool_call_end|>"
    let layout = ["<|tool_call_end|>", "<|tool_calls_section_end|>", "<|im_end|>"]

    func opening(
        _ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures
    ) throws(NeedsMore) -> CallOpening? {
        if try look.take("<|tool_calls_section_begin|>") { try look.takeSpace() }
        guard try look.take("<|tool_call_begin|>") else { return nil }
        try look.takeSpace()
        let id = try look.takeName()
        try look.takeSpace()
        guard !id.isEmpty, try look.take("<|tool_call_argument_begin|>") else { return nil }
        return CallOpening(name: Self.name(of: id), id: id)
    }

    /// Without `functions.` and the number of the call.
    private static func name(of id: String) -> String {
        var name = id[...]
        if name.hasPrefix("functions.") { name = name.dropFirst("functions.".count) }
        if let colon = name.lastIndex(of: ":"), colon > name.startIndex,
            name[name.index(after: colon)...].allSatisfy(\.isNumber)
        {
            name = name[..<colon]
        }
        return String(name)
    }
}
