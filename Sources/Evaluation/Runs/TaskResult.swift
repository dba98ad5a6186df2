/// What became of one sample of a task: a line of a file of results.
package struct TaskResult: Hashable, Sendable, Codable {
    package var task: String
    /// Counted from 0.
    package var sample: Int
    package var passed: Bool
    /// What the model answered; the last attempt where there were several.
    package var completion: String
    /// That all answers took.
    package var seconds: Double
    /// Of all answers.
    package var tokens: Int
    /// Of all prompts; nil in files of before this was written down.
    package var promptTokens: Int?
    /// What it is about; nil in files of before this was written down.
    package var domain: String?
    /// Why it did not pass.
    package var reason: String?
    /// The attempts before the last one, where there were any.
    package var earlier: [Attempt]?

    /// An answer that did not pass, and what was said of it.
    package struct Attempt: Hashable, Sendable, Codable {
        package var completion: String
        package var feedback: String

        package init(completion: String, feedback: String) {
            self.completion = completion
            self.feedback = feedback
        }
    }

    package init(
        task: String, sample: Int = 0, passed: Bool, completion: String = "", seconds: Double = 0, tokens: Int = 0,
        promptTokens: Int? = nil, domain: String? = nil, reason: String? = nil, earlier: [Attempt]? = nil
    ) {
        self.task = task
        self.sample = sample
        self.passed = passed
        self.completion = completion
        self.seconds = seconds
        self.tokens = tokens
        self.promptTokens = promptTokens
        self.domain = domain
        self.reason = reason
        self.earlier = earlier
    }

    /// What there is one result of.
    package struct Key: Hashable, Sendable {
        package var task: String
        package var sample: Int
    }

    /// Its own.
    package var key: Key { Key(task: task, sample: sample) }
}
