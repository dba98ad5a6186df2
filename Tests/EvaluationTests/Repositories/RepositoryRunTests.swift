#if os(Linux)
    import Chat
    import Evaluation
    import Synchronization
    import TestSupport
    import Testing

    /// Gives its answers one after the other.
    private final class ScriptedModel: ChatModel {
        private let left: Mutex<[String]>
        private let asked = Mutex<[[Message]]>([])

        init(_ answers: [String]) { left = Mutex(answers) }

        var questions: [[Message]] { asked.withLock { $0 } }

        func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
            asked.withLock { $0.append(messages) }
            let answer = left.withLock { $0.isEmpty ? "" : $0.removeFirst() }
            return AsyncThrowingStream { continuation in
                continuation.yield(.text(answer))
                continuation.yield(
                    .finished(
                        ResponseSummary(
                            reason: .stop, promptTokens: 10, reusedTokens: 0, generatedTokens: 5, promptSeconds: 1,
                            generationSeconds: 1)))
                continuation.finish()
            }
        }
    }

    @Suite("A run of a repository's suite")
    struct RepositoryRunTests {
        private func block(_ factor: Int) -> String {
            """
            I add a function.

            shape.py
            ```python
            <<<<<<< SEARCH
                return side * side
            =======
                return side * side


            def perimeter(side):
                return \(factor) * side
            >>>>>>> REPLACE
            ```
            """
        }

        @Test("has a model try twice, the second time knowing what the tests said")
        func twice() async throws {
            let (repository, _) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            let grader = try await RepositoryGrader.patient()
            let maker = RepositorySuiteMaker(path: repository.path, command: unittestCommand, grader: grader)
            let task = try #require(try await maker.make(from: .history).tasks.first)
            let folder = try TemporaryFolder()
            let log = try ResultLog(path: folder.path + "/results.jsonl")
            let model = ScriptedModel([block(3), block(4)])
            try await SuiteRun([task.suiteTask(grader: grader)], model, log).run()
            let results = await log.results
            let result = try #require(results.first)
            #expect(result.passed && result.tokens == 10 && results.count == 1)
            #expect(result.earlier?.map(\.completion) == [block(3)])
            let (first, second) = (model.questions[0], model.questions[1])
            #expect(first.map(\.role) == [.system, .user])
            // What is to be done, and the file; not the test, and nothing of the solution.
            #expect(first[1].content.hasPrefix("Add perimeters\n\nOf squares.\n\n"))
            #expect(first[1].content.contains("\n\nshape.py\n```\n" + SmallRepository.area + "```"))
            #expect(!first[1].content.contains("ShapeTests") && !first[1].content.contains("4 * side"))
            #expect(second.map(\.role) == [.system, .user, .assistant, .user])
            #expect(second[3].content.contains("AssertionError: 9 != 12"))

            let failing = ScriptedModel([block(3), block(5), block(4)])
            let other = try ResultLog(path: folder.path + "/other.jsonl")
            try await SuiteRun([task.suiteTask(grader: grader)], failing, other).run()
            #expect(await other.results.map(\.passed) == [false] && failing.questions.count == 2)
        }

        @Test("shows files whole, and names those that are new")
        func request() async throws {
            let (repository, commit) = try SmallRepository.withPerimeter()
            defer { withExtendedLifetime(repository) {} }
            let grader = try await RepositoryGrader.patient()
            let task = RepositoryTask(
                id: "t", message: "Do it", repository: repository.path, base: commit, command: ["true"],
                files: ["shape.py", "new.py"], context: ["README.md"])
            guard case .chat(let messages, false) = try task.suiteTask(grader: grader).request else {
                Issue.record("no conversation")
                return
            }
            let text = messages[1].content
            #expect(text.contains("needed:\n\nnew.py\n") && text.contains("\nREADME.md\n```\nShapes\n```"))
            var lost = task
            lost.base = "0123456789"
            #expect(throws: RepositoryError.self) { try lost.suiteTask(grader: grader) }
        }
    }
#endif
