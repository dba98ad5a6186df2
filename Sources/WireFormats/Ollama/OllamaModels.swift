package import Chat
import Foundation
package import JSON

/// What Ollama tells of its models: `GET /api/tags`, `GET /api/ps`, `POST /api/show`.
package struct OllamaModel: Sendable {
    private let name: String
    private let facts: ModelFacts
    private let contextLength: Int

    package init(name: String, _ facts: ModelFacts, contextLength: Int) {
        self.name = name
        self.facts = facts
        self.contextLength = contextLength
    }

    /// In the list of those that are here.
    package var tag: JSONValue { .object(JSONObject(card + [("modified_at", modified)])) }

    /// In the list of those that are loaded.
    /// - Parameter end: seconds since 1970 when it leaves if nobody uses it; nil: no time is set.
    package func process(until end: Int?) -> JSONValue {
        .object(
            JSONObject(
                card + [
                    ("expires_at", .string(end.map(OllamaTime.text) ?? "9999-12-31T23:59:59Z")), ("size_vram", 0),
                    ("context_length", .integer(contextLength)),
                ]))
    }

    /// All that is known.
    package func description(defaults: ResponseOptions) -> JSONValue {
        let parameters = """
            temperature \(defaults.temperature)
            top_k \(defaults.topK)
            top_p \(defaults.topP)
            num_ctx \(contextLength)
            """
        var capabilities: [JSONValue] = ["completion"]
        // Templates that know no tools get them as text.
        if facts.chatTemplate != nil { capabilities.append("tools") }
        if facts.fillsInMiddle { capabilities.append("insert") }
        let architecture = facts.architecture
        return [
            "modelfile": "", "parameters": .string(parameters), "template": .string(facts.chatTemplate ?? ""),
            "details": details, "capabilities": .array(capabilities), "modified_at": modified,
            "model_info": [
                "general.architecture": .string(architecture),
                "general.parameter_count": .integer(facts.parameterCount),
                "\(architecture).context_length": .integer(facts.trainedContext),
                "\(architecture).embedding_length": .integer(facts.embeddingLength),
                "\(architecture).vocab_size": .integer(facts.vocabularyCount),
            ],
        ]
    }

    private var card: [(key: String, value: JSONValue)] {
        [
            ("name", .string(name)), ("model", .string(name)), ("size", .integer(facts.byteCount)),
            ("digest", .string(digest)),
            ("details", details),
        ]
    }

    /// Clients take models of one digest for one model under several names. This tells files apart, not contents.
    private var digest: String {
        // FNV-1a, from four beginnings.
        let text = "\(facts.path)\n\(facts.byteCount)\n\(facts.modified)"
        return (1...4 as ClosedRange<UInt64>).map { lane in
            let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 &* lane) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            let digits = String(hash, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private var modified: JSONValue { .string(OllamaTime.text(facts.modified)) }

    private var details: JSONValue {
        [
            "parent_model": "", "format": "gguf", "family": .string(facts.architecture),
            "families": [.string(facts.architecture)], "parameter_size": .string(size),
            "quantization_level": .string(facts.quantization),
        ]
    }

    /// As `135M` and `1.5B`.
    private var size: String {
        let count = Double(facts.parameterCount)
        let text = count < 1e9 ? String(format: "%.0fM", count / 1e6) : String(format: "%.1fB", count / 1e9)
        return text.replacingOccurrences(of: ".0B", with: "B")
    }
}

/// A step of pulling a model, as a line of `POST /api/pull`.
package struct OllamaPullStep: Hashable, Sendable {
    package var status: String
    /// Bytes, as far as known.
    package var total: Int?
    package var completed: Int?

    package init(_ status: String, total: Int? = nil, completed: Int? = nil) {
        self.status = status
        self.total = total
        self.completed = completed
    }

    package var value: JSONValue {
        var object: JSONObject = ["status": .string(status)]
        object.add("total", total.map { .integer($0) })
        object.add("completed", completed.map { .integer($0) })
        return .object(object)
    }
}

/// Moments as RFC 3339 has them.
enum OllamaTime {
    /// - Parameter seconds: since 1970.
    static func text(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
