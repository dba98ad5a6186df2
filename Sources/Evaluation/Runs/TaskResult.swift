/// What became of one sample of a task: a line of a file of results.
package struct TaskResult: Hashable, Sendable, Codable {
    package var task: String
    /// Counted from 0.
    package var sample: Int
    package var passed: Bool
    /// What the model answered.
    package var completion: String
    /// That the answer took.
    package var seconds: Double
    /// Of the answer.
    package var tokens: Int
    /// Why it did not pass.
    package var reason: String?

    package init(
        task: String, sample: Int, passed: Bool, completion: String, seconds: Double, tokens: Int, reason: String?
    ) {
        self.task = task
        self.sample = sample
        self.passed = passed
        self.completion = completion
        self.seconds = seconds
        self.tokens = tokens
        self.reason = reason
    }

    /// What there is one result of.
    package struct Key: Hashable, Sendable {
        package var task: String
        package var sample: Int
    }

    package var key: Key { Key(task: task, sample: sample) }
}
