import Evaluation
import Foundation

/// Runs whose figures can be worked out by hand.
enum ComparedRuns {
    /// - Parameter passed: by tasks, of each sample.
    static func run(
        _ model: String, _ passed: KeyValuePairs<String, [Bool]>, suite: String = "s", prompt: SuitePrompt? = nil,
        date: String = "2026-11-21", domains: [String] = [], seconds: Double = 2, tokens: Int = 10,
        promptTokens: Int? = 100
    ) -> EvaluationRun {
        var results: [TaskResult] = []
        for (number, task) in passed.enumerated() {
            for (sample, passed) in task.value.enumerated() {
                results.append(
                    TaskResult(
                        task: task.key, sample: sample, passed: passed, completion: "code of \(model)",
                        seconds: seconds, tokens: tokens, promptTokens: promptTokens,
                        domain: domains.isEmpty ? nil : domains[number % domains.count],
                        reason: passed ? nil : "AssertionError"))
            }
        }
        // The order of results is the order of work, which is no matter.
        return EvaluationRun(
            RunDescription(suite: suite, model: model, prompt: prompt, dataHash: "00ff", licence: "MIT", date: date),
            results.reversed())
    }

    /// Some of 20 tasks.
    static func numbered(_ model: String, passing: Set<Int>) -> EvaluationRun {
        let results = (0..<20).map { number in
            TaskResult(task: "t/\(number)", passed: passing.contains(number), seconds: 1, tokens: 5, promptTokens: 50)
        }
        return EvaluationRun(RunDescription(suite: "s", model: model, date: "2026-11-21"), results)
    }

    static func prompt(version: Int, user: String = "Do {prompt}") throws -> SuitePrompt {
        let text = """
            {"version":\(version),"source":"ours","system":"S","user":"\(user)","answerBegins":"","stops":["\\nEND"]}
            """
        return try JSONDecoder().decode(SuitePrompt.self, from: Data(text.utf8))
    }
}
