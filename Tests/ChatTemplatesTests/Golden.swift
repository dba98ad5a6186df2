import ChatTemplates
import Foundation
import Testing

/// What jinja2 made of one template and context.
struct Golden {
    enum Outcome: Equatable {
        case text(String)
        /// A failure; `kind` is one of the goldens script's.
        case failure(kind: String, message: String)
    }

    var outcome: Outcome

    init(_ value: TemplateValue) throws {
        guard case .map(let map) = value else { throw GoldenError.malformed }
        if case .string(let text)? = map["text"] {
            outcome = .text(text)
        } else if case .string(let kind)? = map["error"], case .string(let message)? = map["message"] {
            outcome = .failure(kind: kind, message: message)
        } else {
            throw GoldenError.malformed
        }
    }

    /// Nil when Martlet does the same; otherwise the difference in words.
    func difference(template: String, context: TemplateMap) -> String? {
        let ours: Result<String, ChatTemplateError>
        do {
            ours = .success(try ChatTemplate(source: template).render(context, clock: Self.clock))
        } catch {
            ours = .failure(error)
        }
        switch (outcome, ours) {
        case (.text(let expected), .success(let text)):
            return expected.utf8.elementsEqual(text.utf8) ? nil : "expected \(expected.debugDescription)\n     got \(text.debugDescription)"
        case (.failure(let kind, let message), .failure(let error)):
            switch error {
            case .raised(let ownMessage, _):
                return kind == "raised" && message == ownMessage ? nil : "expected \(kind): \(message), got \(error)"
            case .undefined: return kind == "undefined" ? nil : "expected \(kind): \(message), got \(error)"
            case .syntax:
                return kind == "syntax" || message.hasPrefix("SyntaxError") ? nil : "expected \(kind): \(message), got \(error)"
            case .evaluation, .unsupported, .exhausted:
                return kind == "python" || kind == "runtime" || kind == "security" || kind == "syntax"
                    ? nil : "expected \(kind): \(message), got \(error)"
            }
        case (.text(let expected), .failure(let error)): return "expected \(expected.debugDescription), got \(error)"
        case (.failure(let kind, let message), .success(let text)):
            return "expected \(kind): \(message), got \(text.debugDescription)"
        }
    }

    /// The time that the goldens were made at.
    static let clock = TemplateClock { 1_720_094_400 }

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// The contexts that every chat template is rendered with.
    static func conversations() throws -> [(name: String, context: TemplateMap)] {
        let data = try Data(contentsOf: fixtures.appending(path: "conversations.json"))
        guard case .list(let cases) = try TemplateValue(json: [UInt8](data)) else { throw GoldenError.malformed }
        return try cases.map { value in
            guard case .map(let map) = value, case .string(let name)? = map["name"], case .map(let context)? = map["context"]
            else { throw GoldenError.malformed }
            return (name, context)
        }
    }
}

enum GoldenError: Error {
    case malformed
}
