/// A name in a file; where it is defined is asked.
package struct DefinitionQuestion: Hashable, Sendable {
    package struct File: Hashable, Sendable {
        /// Absolute.
        package var path: String
        /// As the code graph calls it.
        package var language: String

        package init(path: String, language: String) {
            self.path = path
            self.language = language
        }
    }

    package var file: File
    /// Of the name's first byte.
    package var offset: Int

    package init(file: File, offset: Int) {
        self.file = file
        self.offset = offset
    }
}

/// What became of a question.
package enum DefinitionAnswer: Hashable, Sendable {
    /// Never none.
    case places([DefinitionPlace], PositionEncoding)
    case unanswered(Silence)

    package enum Silence: Hashable, Sendable {
        /// The server knows of no definition.
        case nothingFound
        /// The question's own time was over.
        case timedOut
        /// The time of the run was over, before it was asked or after.
        case outOfTime
        case refused(RequestRefusal)
        /// The server ended, and so did the one that was started in its place.
        case serverFailed
        case unreadableFile
    }
}
