package import Chat

/// One thing that a suite asks, and how the answer is checked.
package struct SuiteTask: Sendable {
    /// What a model is asked.
    package enum Request: Hashable, Sendable {
        /// Where it continues, the last message is the beginning of the answer.
        case chat([Message], continuesAnswer: Bool)
        /// The text between a prefix and a suffix.
        case infill(TextPrompt)
    }

    package var id: String
    /// What it is about; reports add up by it.
    package var domain: String
    package var request: Request
    package var stops: [String]
    package var maxTokens: Int
    /// How often it may be tried, each time with what the tests said before; conversations only.
    package var attempts: Int
    /// Checks an answer.
    package var grade: @Sendable (String) async throws -> Verdict

    package init(
        id: String, domain: String, request: Request, stops: [String] = [], maxTokens: Int = 1024, attempts: Int = 1,
        grade: @escaping @Sendable (String) async throws -> Verdict
    ) {
        self.id = id
        self.domain = domain
        self.request = request
        self.stops = stops
        self.maxTokens = maxTokens
        self.attempts = attempts
        self.grade = grade
    }
}
