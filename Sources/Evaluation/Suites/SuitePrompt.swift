internal import Chat
internal import Foundation

/// What a suite asks a model, word for word; the files beside this one have them, and a change is a new version.
package struct SuitePrompt: Hashable, Sendable, Codable {
    package var version: Int
    /// Whose words they are.
    package var source: String
    package var system: String?
    /// With `{prompt}` where the task's stands.
    package var user: String
    /// What the answer is made to begin with.
    package var answerBegins: String
    /// Texts that end the answer.
    package var stops: [String]

    /// - Parameter file: a resource of this target.
    init(file: [UInt8]) {
        // A file of our own that does not decode is a bug of ours.
        guard let prompt = try? JSONDecoder().decode(Self.self, from: Data(file)) else {
            preconditionFailure("a suite's prompt cannot be read")
        }
        self = prompt
    }

    func messages(_ task: String) -> [Message] {
        var messages = system.map { [Message(.system, $0)] } ?? []
        messages.append(Message(.user, user.replacing("{prompt}", with: task)))
        if !answerBegins.isEmpty { messages.append(Message(.assistant, answerBegins)) }
        return messages
    }
}
