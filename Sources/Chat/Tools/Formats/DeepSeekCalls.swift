/// DeepSeek V3 and R1, `<｜tool▁call▁begin｜>function<｜tool▁sep｜>name`, a line end, and the arguments fenced as JSON;
/// V3.1, `<｜tool▁call▁begin｜>name<｜tool▁sep｜>{...}`. Both end with `<｜tool▁call▁end｜>`.
struct DeepSeekCalls: JSONCallDialect {
    let triggers: Set<UInt8> = [UInt8(ascii: "<"), UInt8(ascii: "`")]
    let endTag: String? = "<｜tool▁call▁end｜>"
    let layout = ["```", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", "<｜end▁of▁sentence｜>"]

    func opening(
        _ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures
    ) throws(NeedsMore) -> CallOpening? {
        if try look.take("<｜tool▁calls▁begin｜>") { try look.takeSpace() }
        guard try look.take("<｜tool▁call▁begin｜>") else { return nil }
        let first = try look.takeName()
        guard !first.isEmpty, try look.take("<｜tool▁sep｜>") else { return nil }
        try look.takeSpace()
        if try look.peek() == UInt8(ascii: "{") { return CallOpening(name: first) }
        let name = try look.takeName()
        try look.takeSpace()
        guard first == "function", !name.isEmpty, try look.take("```") else { return nil }
        _ = try look.take("json")
        try look.takeSpace()
        return CallOpening(name: name)
    }
}
