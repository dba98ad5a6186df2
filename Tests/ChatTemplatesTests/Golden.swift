import ChatTemplates
import Foundation
import Testing

/// What jinja2 made of one template and context.
enum Golden {
    case text(String)
    /// A failure; `kind` is one of the goldens script's.
    case failure(kind: String, message: String)

    init(_ value: TemplateValue) throws {
        guard case .map(let map) = value else { throw GoldenError.malformed }
        if case .string(let text)? = map["text"] {
            self = .text(text)
        } else if case .string(let kind)? = map["error"], case .string(let message)? = map["message"] {
            self = .failure(kind: kind, message: message)
        } else {
            throw GoldenError.malformed
        }
    }

    /// Nil when `outcome` is the same; otherwise the difference in words.
    func difference(from outcome: Result<String, ChatTemplateError>) -> String? {
        switch (self, outcome) {
        case (.text(let expected), .success(let text)) where expected.utf8.elementsEqual(text.utf8): nil
        case (.failure(let kind, let message), .failure(let error)) where Self.agree(kind, message, error): nil
        default: "expected \(self)\n     got \(outcome)"
        }
    }

    /// Whether both fail for the same reason: Python's own exceptions are `evaluation` or `unsupported` here.
    private static func agree(_ kind: String, _ message: String, _ error: ChatTemplateError) -> Bool {
        switch error {
        case .raised(let ownMessage, _): kind == "raised" && message == ownMessage
        case .undefined: kind == "undefined" || message.contains("Undefined")
        case .syntax: kind == "syntax" || message.hasPrefix("SyntaxError")
        case .evaluation, .unsupported, .exhausted: kind != "raised" && kind != "undefined"
        }
    }

    /// The time that the goldens were made at.
    static let clock = TemplateClock { 1_720_094_400 }

    static let repository = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    static let fixtures = repository.appending(path: "Tests/ChatTemplatesTests/Fixtures")

    static func json(_ url: URL) throws -> TemplateValue {
        try TemplateValue(json: [UInt8](try Data(contentsOf: url)))
    }

    /// The contexts that every chat template is rendered with.
    static func conversations() throws -> [(name: String, context: TemplateMap)] {
        guard case .list(let cases) = try json(fixtures.appending(path: "conversations.json")) else {
            throw GoldenError.malformed
        }
        return try cases.map { value in
            guard case .map(let map) = value, case .string(let name)? = map["name"],
                case .map(let context)? = map["context"]
            else { throw GoldenError.malformed }
            return (name, context)
        }
    }
}

enum GoldenError: Error {
    case malformed
}

/// Renders with all conversations and records where `results` differ.
func expectAgreement(_ name: String, source: String, results: TemplateValue?) throws {
    guard case .list(let results)? = results else { throw GoldenError.malformed }
    let conversations = try Golden.conversations()
    #expect(results.count == conversations.count)
    let template = Result { () throws(ChatTemplateError) in try ChatTemplate(source: source) }
    for (result, conversation) in zip(results, conversations) {
        let outcome = template.flatMap { template in
            Result { () throws(ChatTemplateError) in try template.render(conversation.context, clock: Golden.clock) }
        }
        if let difference = try Golden(result).difference(from: outcome) {
            Issue.record("\(name), \(conversation.name): \(difference)")
        }
    }
}

/// What one template makes of one context.
func rendered(_ source: String, _ context: TemplateMap = [:]) -> Result<String, ChatTemplateError> {
    Result { () throws(ChatTemplateError) in try ChatTemplate(source: source).render(context, clock: Golden.clock) }
}
