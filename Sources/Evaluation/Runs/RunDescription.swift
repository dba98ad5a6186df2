/// What a run was of: a JSON file beside its file of results.
package struct RunDescription: Hashable, Sendable, Codable {
    /// As `eval run` names it.
    package var suite: String
    package var model: String
    package var temperature: Double
    /// What was asked, word for word; nil where the tasks themselves have it.
    package var prompt: SuitePrompt?
    /// Whether answers were made to begin as the prompt says; nil in files of before this was written down.
    package var prefilled: Bool?
    /// Of the data set: SHA-256 of its file, and its licence.
    package var dataHash: String?
    package var licence: String?
    /// When it began: 2026-11-21
    package var date: String

    package init(
        suite: String, model: String, temperature: Double = 0, prompt: SuitePrompt? = nil, prefilled: Bool? = nil,
        dataHash: String? = nil,
        licence: String? = nil, date: String
    ) {
        self.suite = suite
        self.model = model
        self.temperature = temperature
        self.prompt = prompt
        self.prefilled = prefilled
        self.dataHash = dataHash
        self.licence = licence
        self.date = date
    }
}

/// What a run left behind.
package struct EvaluationRun: Hashable, Sendable {
    package var description: RunDescription
    /// In the order in which they came.
    package var results: [TaskResult]

    package init(_ description: RunDescription, _ results: [TaskResult]) {
        self.description = description
        self.results = results
    }
}
