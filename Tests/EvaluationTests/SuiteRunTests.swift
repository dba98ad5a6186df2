#if os(Linux)
    import Chat
    import Evaluation
    import Foundation
    import Statistics
    import Synchronization
    import TestSupport
    import Testing
    import Workspaces

    /// Answers with the number of its turn; fails at one, if told to.
    private final class CountingModel: ChatModel {
        private let asked = Mutex<[String]>([])
        private let lastStops = Mutex<[String]>([])
        private let failure: Int?
        private let error: any Error

        init(failingAt failure: Int? = nil, with error: any Error = Broken()) {
            (self.failure, self.error) = (failure, error)
        }

        /// Of the last question.
        var stops: [String] { lastStops.withLock { $0 } }
        var questions: [String] { asked.withLock { $0 } }

        struct Broken: Error {}

        func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
            AsyncThrowingStream { continuation in
                lastStops.withLock { $0 = options.stops }
                let turn = asked.withLock { asked in
                    asked.append(messages.last?.content ?? "")
                    return asked.count
                }
                guard turn != failure else { return continuation.finish(throwing: error) }
                continuation.yield(.text("answer "))
                continuation.yield(.text("\(turn)"))
                continuation.yield(
                    .finished(
                        ResponseSummary(
                            reason: .stop, promptTokens: 1, reusedTokens: 0, generatedTokens: 3, promptSeconds: 1,
                            generationSeconds: 2)))
                continuation.finish()
            }
        }
    }

    @Suite("A run of a suite")
    struct SuiteRunTests {
        private func tasks(_ count: Int) -> [SuiteTask] {
            (0..<count).map { number in
                SuiteTask(
                    id: "t/\(number)", domain: "numbers",
                    request: .chat([Message(.user, "task \(number)")], continuesAnswer: false), maxTokens: 9
                ) { completion in
                    let passed = completion.hasPrefix("answer ") && number % 2 == 0
                    return Verdict(passed: passed, reason: passed ? nil : "odd", seconds: 0)
                }
            }
        }

        @Test("asks every task once for each sample, and keeps what came")
        func whole() async throws {
            let folder = try TemporaryFolder()
            let model = CountingModel()
            let log = try ResultLog(path: folder.path + "/new/results.jsonl")
            var run = SuiteRun(tasks(10), model, log)
            (run.samples, run.jobs, run.temperature, run.stops) = (3, 4, 1, ["<end>"])
            try await run.run()
            #expect(model.stops == ["<end>"])
            let results = await log.results
            #expect(Set(results.map(\.key)).count == 30 && results.count == 30 && model.questions.count == 30)
            #expect(results.allSatisfy { $0.tokens == 3 && $0.seconds == 3 && $0.completion.hasPrefix("answer ") })
            let score = SuiteScore(results)
            #expect(score.passed == 15 && score.tasks == 10 && score.rate?.value == 0.5)
        }

        @Test("goes on where it was interrupted, whatever was half written")
        func resumed() async throws {
            let folder = try TemporaryFolder()
            let path = folder.path + "/results.jsonl"
            do {
                let log = try ResultLog(path: path)
                var run = SuiteRun(tasks(10), CountingModel(failingAt: 6), log)
                run.jobs = 1
                await #expect(throws: CountingModel.Broken.self) { try await run.run() }
                await log.close()
            }
            let kept = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(kept.count { $0 == UInt8(ascii: "\n") } == 5)
            // Killed while it wrote the sixth.
            try (kept + Data(#"{"task":"t/5","sam"#.utf8)).write(to: URL(fileURLWithPath: path))
            let model = CountingModel()
            let log = try ResultLog(path: path)
            try await SuiteRun(tasks(10), model, log).run()
            #expect(Set(model.questions) == Set((5..<10).map { "task \($0)" }) && model.questions.count == 5)
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            let tasks = try lines.map { try JSONDecoder().decode(TaskResult.self, from: Data($0.utf8)).task }
            #expect(tasks.sorted() == (0..<10).map { "t/\($0)" }.sorted())
        }

        /// A task that is done at the second attempt only.
        private func patient() -> SuiteTask {
            SuiteTask(
                id: "p", domain: "numbers",
                request: .chat([Message(.system, "s"), Message(.user, "task")], continuesAnswer: false), attempts: 2
            ) { completion in
                Verdict(passed: completion == "answer 2", reason: "not the second", feedback: "again: \(completion)")
            }
        }

        @Test("tries again with what was said, keeps both attempts, and can be played back")
        func attempts() async throws {
            let folder = try TemporaryFolder()
            let model = CountingModel()
            let log = try ResultLog(path: folder.path + "/results.jsonl")
            try await SuiteRun([patient()], model, log).run()
            let result = try #require(await log.results.first)
            #expect(result.passed && result.completion == "answer 2" && result.tokens == 6 && result.promptTokens == 2)
            #expect(result.earlier == [.init(completion: "answer 1", feedback: "again: answer 1")])
            #expect(model.questions == ["task", "again: answer 1"])
            let again = try ResultLog(path: folder.path + "/again.jsonl")
            try await SuiteRun([patient()], RecordedModel([result], tasks: [patient()]), again).run()
            let second = try #require(await again.results.first)
            #expect(second.passed && second.earlier == result.earlier)
        }

        @Test("counts a prompt that does not fit as not passed, and goes on")
        func tooLong() async throws {
            let folder = try TemporaryFolder()
            let long = RequestRefusal.contextExceeded(promptTokens: 9, context: 8)
            let log = try ResultLog(path: folder.path + "/results.jsonl")
            var run = SuiteRun(tasks(3), CountingModel(failingAt: 1, with: long), log)
            run.jobs = 1
            try await run.run()
            #expect(await log.results.map(\.passed) == [false, false, true])
            let reason = "the prompt is longer than the model's context"
            #expect(await log.results.first?.reason == reason)
            let second = try ResultLog(path: folder.path + "/second.jsonl")
            try await SuiteRun([patient()], CountingModel(failingAt: 2, with: long), second).run()
            let result = try #require(await second.results.first)
            #expect(!result.passed && result.reason == reason && result.completion.isEmpty)
            #expect(result.earlier?.map(\.completion) == ["answer 1"])
        }

        @Test("tries no more once the budget is spent", arguments: ["tokens", "seconds", "money"])
        func budget(kind: String) async throws {
            let folder = try TemporaryFolder()
            let log = try ResultLog(path: folder.path + "/results.jsonl")
            var run = SuiteRun([patient()], CountingModel(), log)
            switch kind {
            case "tokens": run.budget.tokens = 4
            case "seconds": run.budget.seconds = 3
            default: (run.budget.money, run.budget.price) = (3, TokenPrice(input: 0, output: 1_000_000))
            }
            try await run.run()
            let result = try #require(await log.results.first)
            #expect(!result.passed && result.earlier == nil && result.reason == "out of \(kind): not the second")
        }

        @Test("refuses a file that is another's, or at work")
        func refused() async throws {
            let folder = try TemporaryFolder()
            let path = folder.path + "/results.jsonl"
            let open = try ResultLog(path: path)
            #expect(throws: ResultLogError.inUse(path: path)) { try ResultLog(path: path) }
            withExtendedLifetime(open) {}
            let other = try folder.write("{}\n", to: "other.jsonl")
            #expect(throws: ResultLogError.damaged(path: other, line: 1)) { try ResultLog(path: other) }
            #expect(try String(contentsOfFile: other, encoding: .utf8) == "{}\n")
            #expect(throws: ResultLogError.unwritable(path: folder.path)) { try ResultLog(path: folder.path) }
        }
    }
#endif
