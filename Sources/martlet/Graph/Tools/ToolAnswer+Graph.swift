import CodeGraph
import JSON
import MCP

extension ToolAnswer {
    /// Characters of an answer: some six thousand tokens.
    static let characterLimit = 24_000

    /// Answers one below the other, as many as models can bear.
    ///
    /// - Parameters:
    ///   - total: how many there are with those that a limit left out.
    ///   - isLowerBound: whether there may be more than that.
    ///   - more: what to do to see these.
    ///   - notes: sentences that stand before.
    init(
        _ answers: [GraphAnswer], total: Int, isLowerBound: Bool = false, more: String, notes: [String] = []
    ) {
        var text = notes.map { $0 + "\n" }.joined()
        var shown: [JSONValue] = []
        for answer in answers {
            let line = answer.text + "\n"
            guard text.count + line.count <= Self.characterLimit || shown.isEmpty else { break }
            text += line
            shown.append(answer.json)
        }
        let leftOut = total - shown.count
        if leftOut > 0 { text += "Left out: \(leftOut)\(isLowerBound ? " or more" : ""). \(more)\n" }
        var structured: JSONObject = ["answers": .array(shown)]
        if !isLowerBound { structured.add("total", .integer(total)) }
        if leftOut > 0 { structured.add("leftOut", .integer(leftOut)) }
        if !notes.isEmpty { structured.add("notes", .array(notes.map { .string($0) })) }
        self.init(text, structured: structured)
    }

    /// That there is nothing, which is an answer too.
    static func nothing(_ text: String) -> ToolAnswer {
        ToolAnswer(text, structured: ["answers": [], "total": 0, "notes": [.string(text)]])
    }
}

extension GraphAnswer {
    /// As `--json` prints it.
    var json: JSONValue {
        var object: JSONObject = ["path": .string(path), "line": .integer(line)]
        object.add("symbol", symbol.map { .string($0) })
        object.add("kind", kind.map { .string($0) })
        object.add("score", score.map { .number($0) })
        object.add("reason", reason.map { .string($0) })
        object.add("provenance", provenance.map { .string($0) })
        object.add("code", code.map { .string($0) })
        return .object(object)
    }
}

extension Packet {
    /// What is in it, without the texts.
    func json(_ counter: TokenCounter) -> JSONObject {
        let items = items.map { item -> JSONValue in
            var json: JSONObject = [
                "path": .string(item.path), "line": .integer(item.line), "endLine": .integer(item.endLine),
                "form": .string(item.form.rawValue), "symbol": .string(item.symbol), "kind": .string(item.kind.name),
            ]
            json.add("reason", item.reason.map { .string($0) })
            return .object(json)
        }
        return ["items": .array(items), "tokens": .integer(tokens), "counter": .string(counter.name)]
    }
}
