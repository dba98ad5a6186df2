internal import Chat
internal import Foundation

/// What a suite asks a model, word for word; the files of Prompts/ have them, and a change is a new version.
package struct SuitePrompt: Hashable, Sendable, Codable {
    package var version: Int
    /// Whose words they are.
    package var source: String
    package var system: String?
    /// With `{prompt}` where the task's stands.
    package var user: String
    /// What the answer is made to begin with; `{prompt}` here too, and `{call}` where the task has one.
    package var answerBegins: String
    /// Texts that end the answer, where it is made to begin so.
    package var stops: [String]

    /// - Parameter file: a resource of this target.
    init(file: [UInt8]) {
        // A file of our own that does not decode is a bug of ours.
        guard let prompt = try? JSONDecoder().decode(Self.self, from: Data(file)) else {
            preconditionFailure("a suite's prompt cannot be read")
        }
        self = prompt
    }

    /// - Parameters:
    ///   - prefilled: the answer is made to begin as the prompt says; what stands behind many addresses cannot
    ///   go on with a text that is given.
    func request(_ task: String, call: String = "", prefilled: Bool) -> SuiteTask.Request {
        var messages = system.map { [Message(.system, $0)] } ?? []
        messages.append(Message(.user, user.replacing("{prompt}", with: task)))
        let continues = prefilled && !answerBegins.isEmpty
        if continues {
            let start = answerBegins.replacing("{call}", with: call).replacing("{prompt}", with: task)
            messages.append(Message(.assistant, start))
        }
        return .chat(messages, continuesAnswer: continues)
    }
}
