/// Llama 3.1 and later: `{"name": ..., "parameters": {...}}` where a line begins, with or without `<|python_tag|>`;
/// `<|python_tag|>tool.call(key="value")` of the tools that it was trained with; `<function=name>{...}</function>`.
///
/// Objects without a tag count when the name is a tool's.
/// - SeeAlso: https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1
struct LlamaCalls: JSONCallDialect {
    let triggers: Set<UInt8> = [UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: ";")]
    let endTag: String? = nil
    let layout = ["</function>", "<|python_tag|>", "<|eom_id|>", "<|eot_id|>", ";"]

    func opening(
        _ look: inout Lookahead, _ place: TextPlace, _ tools: ToolSignatures
    ) throws(NeedsMore) -> CallOpening? {
        if try look.take("<|python_tag|>") {
            try look.takeSpace()
            if try look.peek() == UInt8(ascii: "{") { return try look.takeEnvelope() }
            return try builtIn(&look)
        }
        if try look.take("<function=") {
            let name = try look.takeName()
            guard tools.isKnown(name), try look.take(">") else { return nil }
            return try look.peek() == UInt8(ascii: "{") ? CallOpening(name: name) : nil
        }
        guard place.isLineStart || place.isAfterCall else { return nil }
        guard let call = try look.takeEnvelope(isCertain: false), tools.isKnown(call.name) else { return nil }
        return call
    }

    /// `name.call(key="value", ...)`, whole: these calls are one line.
    private func builtIn(_ look: inout Lookahead) throws(NeedsMore) -> CallOpening? {
        let name = try look.takeName()
        guard name.hasSuffix(".call"), try look.take("(") else { return nil }
        var json = Array("{".utf8)
        while try !look.take(")") {
            if json.count > 1 { json += ", ".utf8 }
            let key = try look.takeName()
            guard !key.isEmpty, try look.take("="), let value = try look.takePythonString() else { return nil }
            json += JSONText.quoted(key) + Array(": ".utf8) + value
            try look.takeSpace()
            _ = try look.take(",")
            try look.takeSpace()
        }
        return CallOpening(name: String(name.dropLast(5)), arguments: .given(json + Array("}".utf8)))
    }
}

extension Lookahead {
    /// A string in double quotes, as JSON.
    fileprivate mutating func takePythonString() throws(NeedsMore) -> [UInt8]? {
        guard try peek() == UInt8(ascii: "\"") else { return nil }
        var reader = LenientJSON()
        var output: [UInt8] = []
        repeat {
            guard let byte = try peek() else { return nil }
            _ = reader.feed(byte, into: &output)
            offset += 1
        } while reader.isInString
        return output
    }
}
