#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    @Suite("martlet eval")
    struct EvalCommandTests {
        private struct Score: Decodable {
            var suite: String
            var model: String
            var passed: Int
            var total: Int
            var rate: Double
            var interval: [Double]
            var results: String

            enum CodingKeys: String, CodingKey {
                case suite, model, passed, total, interval, results
                case rate = "pass@1"
            }
        }

        /// Two tasks of our own in the form of HumanEval's; nobody knows whether a small model can do the second.
        private let tasks = """
            {"task_id":"Own/0","prompt":"def first(items):\\n    \\"\\"\\" Return the first item of a list. \\"\\"\\"\\n","entry_point":"first","canonical_solution":"    return items[0]\\n","test":"def check(candidate):\\n    assert candidate([3, 4]) == 3\\n"}
            {"task_id":"Own/1","prompt":"def sums(items):\\n    \\"\\"\\" Return all sums. \\"\\"\\"\\n","entry_point":"sums","canonical_solution":"    return []\\n","test":"def check(candidate):\\n    assert candidate([3]) == object()\\n"}

            """

        @Test("asks a model, keeps each answer, and does nothing twice")
        func run() async throws {
            let folder = try TemporaryFolder()
            let data = try folder.write(tasks, to: "own.jsonl")
            let arguments = [
                "eval", "run", "humaneval", "--model", TestModel.smollm2, "--data", data, "--results", folder.path,
                "--json",
            ]
            var results: [String] = []
            for _ in 0..<2 {
                let run = try await CommandRun.run(Repository.martlet, arguments)
                #expect(run.status == 0, "\(run.errors)")
                let line = try #require(run.text.split(separator: "\n").last)
                let score = try JSONDecoder().decode(Score.self, from: Data(line.utf8))
                #expect(score.suite == "humaneval" && score.model == TestModel.smollm2 && score.total == 2)
                #expect(score.passed < 2 && score.rate == Double(score.passed) / 2)
                #expect(score.interval[0] < score.interval[1])
                results.append(try String(contentsOfFile: score.results, encoding: .utf8))
            }
            #expect(results[0].split(separator: "\n").count == 2 && results[0] == results[1])
            // What ends answers is part of what was asked.
            let other = try await CommandRun.run(
                Repository.martlet, arguments + ["--stop", TestModel.smollm2 + "=\n\n\n"])
            #expect(other.status != 0 && other.errors.contains("other --stop texts"), "\(other.errors)")
        }

        @Test(
            "says what is wrong, in a sentence with the next step",
            arguments: [
                (["--data", "/no/file"], "/no/file cannot be read"),
                (["--data", "README.md"], "line 1 of the data set"),
                (["--data", "README.md", "--samples", "2"], "--temperature above 0"),
                (["--data", "README.md", "--limit", "0"], "take 1 or more"),
                (["--data", "README.md", "--model", "a", "--stop", "b=x"], "--stop takes MODEL=TEXT"),
                (["--data", "README.md", "--model", "a", "--stop", "a="], "has no text"),
                (["--data", "README.md", "--budget-money", "1"], "--price"),
            ])
        func refusal(_ arguments: [String], _ expected: String) async throws {
            try await refusal(of: ["run", "humaneval"] + arguments, expected)
        }

        @Test(
            "what is made of results says so too",
            arguments: [
                (["run", "humanevil"], "there is no suite 'humanevil'"),
                (["run", "mbpp"], "give its path with --data"),
                (["run", "cruxeval-input", "--data", "README.md", "--mutate", "1"], "--mutate goes with humaneval"),
                (["compare", "README.md"], "two files"),
                (["compare", "README.md", "README.md"], "line 1 of README.md"),
                (["report", "/no/file"], "/no/file cannot be read"),
                (["cost", "--prefill", "1", "--decode", "1", "--hardware", "1", "--price", "1"], "--results"),
                (["contamination"], "nothing to do"), (["init", "/", "--command", ""], "--command takes"),
                (["init", "/", "--command", "true", "--from", "README.md"], "--from takes history"),
            ])
        func otherRefusal(_ arguments: [String], _ expected: String) async throws {
            try await refusal(of: arguments, expected)
        }

        private func refusal(of arguments: [String], _ expected: String) async throws {
            let run = try await CommandRun.run(Repository.martlet, ["eval"] + arguments, folder: Repository.root)
            #expect(run.status == 2 && run.output.isEmpty)
            #expect(run.errors.contains(expected), "\(run.errors)")
        }
    }
#endif
