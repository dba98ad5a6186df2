import Chat
import JSON

/// What came of an answer, with equal neighbours joined: how it was cut does not show.
enum Piece: Hashable, CustomStringConvertible {
    case text(String)
    case thinking(String)
    case call(String, String)

    static func joined(_ events: [ChatEvent]) -> [Piece] {
        var result: [Piece] = []
        for event in events {
            switch event {
            case .text(let piece):
                if case .text(let before)? = result.last {
                    result[result.count - 1] = .text(before + piece)
                } else {
                    result.append(.text(piece))
                }
            case .thinking(let piece):
                if case .thinking(let before)? = result.last {
                    result[result.count - 1] = .thinking(before + piece)
                } else {
                    result.append(.thinking(piece))
                }
            case .callBegan(_, _, let name): result.append(.call(name, ""))
            case .callArguments(_, let fragment):
                if case .call(let name, let before)? = result.last {
                    result[result.count - 1] = .call(name, before + fragment)
                }
            case .callEnded, .reading, .token, .finished: break
            }
        }
        return result
    }

    var description: String {
        switch self {
        case .text(let text): "text \(text.debugDescription)"
        case .thinking(let text): "thinking \(text.debugDescription)"
        case .call(let name, let arguments): "call \(name) \(arguments)"
        }
    }

    // Bytes, since Swift takes canonically equivalent texts for one.
    static func == (left: Piece, right: Piece) -> Bool { left.description.utf8.elementsEqual(right.description.utf8) }
    func hash(into hasher: inout Hasher) { for byte in description.utf8 { hasher.combine(byte) } }
}

/// An answer of a model and what is to come of it.
struct CorpusItem: Sendable {
    var name: String
    var format: ToolCallFormat
    var text: String
    var expected: [Piece]
    var opensInThinking = false

    init(
        _ format: ToolCallFormat, _ name: String, _ text: String, _ expected: [Piece], opensInThinking: Bool = false
    ) {
        self.format = format
        self.name = name
        self.text = text
        self.expected = expected
        self.opensInThinking = opensInThinking
    }

    func parser() -> ToolCallParser {
        ToolCallParser(format, tools: corpusTools, opensInThinking: opensInThinking) { "id\($0)" }
    }

    /// The pieces when the answer comes cut at these offsets, in ascending order.
    func pieces(cutAt cuts: [Int] = []) -> [Piece] { Piece.joined(events(cutAt: cuts)) }

    func events(cutAt cuts: [Int] = []) -> [ChatEvent] {
        let bytes = Array(text.utf8)
        var parser = parser()
        var events: [ChatEvent] = []
        for (start, end) in zip([0] + cuts, cuts + [bytes.count]) { events += parser.append(bytes[start..<end]) }
        return events + parser.finish()
    }
}

extension Piece: Sendable {}

func schema(_ text: String) -> JSONValue {
    do { return try JSONValue(parsing: Array(text.utf8)) } catch { fatalError("\(error)") }
}

let corpusTools: [ToolDefinition] = [
    ToolDefinition(
        name: "write_file", description: "Writes a file.",
        parameters: schema(
            #"""
            {"type": "object", "properties": {"path": {"type": "string"}, "content": {"type": "string"}},
            "required": ["path", "content"]}
            """#)),
    ToolDefinition(
        name: "run", description: "Runs a command.",
        parameters: schema(
            #"""
            {"type": "object", "$defs": {"limit": {"type": "integer"}}, "properties": {
            "command": {"type": "string"}, "timeout": {"$ref": "#/$defs/limit"},
            "background": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
            "directory": {"type": ["string", "null"]}, "note": {"type": "string", "nullable": true},
            "environment": {"type": "object"}, "arguments": {"type": "array", "items": {"type": "string"}},
            "nice": {"type": "number"}, "anything": {}, "id": {"type": ["string", "integer"]}}}
            """#)),
    ToolDefinition(
        name: "get_weather", description: "The weather now.",
        parameters: schema(
            #"{"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}"#)),
    ToolDefinition(name: "now"),
    ToolDefinition(
        name: "brave_search", parameters: schema(#"{"type": "object", "properties": {"query": {"type": "string"}}}"#)),
]

let corpus = markupCorpus + jsonCorpus
