package import Chat

/// One thing that a suite asks, and how the answer is checked.
package struct SuiteTask: Sendable {
    package var id: String
    package var messages: [Message]
    /// The last message is the beginning of the answer.
    package var continuesAnswer: Bool
    package var stops: [String]
    package var maxTokens: Int
    /// Checks an answer.
    package var grade: @Sendable (String) async throws -> FunctionGrader.Verdict

    package init(
        id: String, messages: [Message], continuesAnswer: Bool, stops: [String], maxTokens: Int,
        grade: @escaping @Sendable (String) async throws -> FunctionGrader.Verdict
    ) {
        self.id = id
        self.messages = messages
        self.continuesAnswer = continuesAnswer
        self.stops = stops
        self.maxTokens = maxTokens
        self.grade = grade
    }
}

extension HumanEval {
    /// What models are asked.
    package static let prompt = SuitePrompt(file: PackageResources.humaneval_prompt_json)

    /// All problems as tasks, in their order.
    package func tasks(_ grader: FunctionGrader) -> [SuiteTask] {
        problems.map { problem in
            SuiteTask(
                id: problem.id, messages: Self.prompt.messages(problem.prompt),
                continuesAnswer: !Self.prompt.answerBegins.isEmpty, stops: Self.prompt.stops, maxTokens: 1024,
                grade: { completion in
                    try await grader.verdict(problem.check(completion))
                })
        }
    }
}
