/// A model that also continues plain text, not only conversations.
package protocol TextModel: ChatModel {
    /// Tokens that prompt and answer may have together.
    var contextLength: Int { get }

    /// Continues `prompt`. The stream is like that of `respond(to:options:)`.
    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error>
}

/// A text to go on with.
package struct TextPrompt: Hashable, Sendable {
    /// A part of the text.
    package enum Piece: Hashable, Sendable {
        case text(String)
        /// Of the model's vocabulary, used as they are.
        case tokens([Int32])
    }

    /// One behind the other. What begins texts comes with the first one, if that is no tokens.
    package var pieces: [Piece]
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
        self.init([.text(text)], suffix: suffix, otherFiles: otherFiles)
    }

    package init(_ pieces: [Piece], suffix: String? = nil, otherFiles: [File] = []) {
        self.pieces = pieces
        self.suffix = suffix
        self.otherFiles = otherFiles
    }

    /// Nil where a part is tokens: only the model knows their text.
    package var text: String? {
        var text = ""
        for piece in pieces {
            guard case .text(let part) = piece else { return nil }
            text += part
        }
        return text
    }
}
