/// A model that also continues plain text, not only conversations.
package protocol TextModel: ChatModel {
    /// Tokens that prompt and answer may have together.
    var contextLength: Int { get }

    /// Continues `prompt`. The stream is like that of `respond(to:options:)`.
    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error>
}

/// A text to go on with.
package struct TextPrompt: Hashable, Sendable {
    package var text: String
    /// What comes after the wanted text; nil where nothing is known of it.
    package var suffix: String?
    /// What else belongs to the text, the most relevant last; only where there is a suffix.
    package var otherFiles: [File]

    /// A file beside the text.
    package struct File: Hashable, Sendable {
        package var path: String
        package var text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    package init(_ text: String, suffix: String? = nil, otherFiles: [File] = []) {
        self.text = text
        self.suffix = suffix
        self.otherFiles = otherFiles
    }
}
