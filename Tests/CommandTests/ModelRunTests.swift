import Foundation
import TestSupport
import Testing

/// Commands on the small model; its answers are beside the point, its being run is not.
@Suite("Commands with real weights")
struct ModelRunTests {
    private struct Bench: Decodable {
        struct Spread: Decodable {
            var median: Double
            var min: Double
            var max: Double
        }
        var model: String
        var threads: Int
        var prompt_tokens_per_second: Spread
        var generation_tokens_per_second: Spread
        var load_seconds: Double
        var resident_bytes: Int
    }

    @Test("bench --json prints the keys that scripts rely on")
    func bench() async throws {
        let run = try await CommandRun.martlet(
            "bench", TestModel.smollm2, "-p", "32", "-n", "8", "-t", "2", "-r", "3", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json(Bench.self)
        #expect(report.model == TestModel.smollm2)
        #expect(report.threads == 2)
        for spread in [report.prompt_tokens_per_second, report.generation_tokens_per_second] {
            #expect(0 < spread.min && spread.min <= spread.median && spread.median <= spread.max)
        }
        #expect(report.load_seconds > 0)
        #expect(report.resident_bytes > 10_000_000)
    }

    private struct Logits: Decodable {
        var vocabulary: Int
        var logits: [[Float]]
    }

    @Test("logits --json prints one row for the last position, or one for each with --all; both agree")
    func logits() async throws {
        let last = try await CommandRun.martlet("logits", TestModel.smollm2, "--tokens", "1,2,3", "--json")
        let all = try await CommandRun.martlet("logits", TestModel.smollm2, "--tokens", "1 2 3", "--all", "--json")
        let one = try last.json(Logits.self)
        let three = try all.json(Logits.self)
        #expect(one.vocabulary == 49152)
        #expect(one.logits.count == 1)
        #expect(three.logits.count == 3)
        #expect(three.logits.allSatisfy { $0.count == 49152 })
        #expect(one.logits[0] == three.logits[2])
    }

    @Test("tokenize and detokenize are inverse, on standard input and output")
    func tokens() async throws {
        let text = "func greet() {\n\tprint(\"héllo 🐦\")\n}\n<|im_end|>"
        let ids = try await CommandRun.martlet("tokenize", TestModel.smollm2, "--ids", input: text)
        #expect(ids.text.wholeMatch(of: /\d+( \d+)*\n/) != nil)
        #expect(ids.text.hasSuffix(" 2\n"))
        let back = try await CommandRun.martlet("detokenize", TestModel.smollm2, input: ids.text)
        #expect(back.text == text)
        let plain = try await CommandRun.martlet("tokenize", TestModel.smollm2, "--ids", "--no-special", input: text)
        #expect(!plain.text.hasSuffix(" 2\n"))
        let again = try await CommandRun.martlet("detokenize", TestModel.smollm2, input: plain.text)
        #expect(again.text == text)
    }

    @Test("run --raw prints the completion alone, the same each time at temperature 0")
    func raw() async throws {
        let arguments = [
            "run", TestModel.smollm2, "-p", "def fibonacci(n):", "--raw", "--temperature", "0", "--max-tokens", "12",
        ]
        let first = try await CommandRun.run(Repository.martlet, arguments)
        let second = try await CommandRun.run(Repository.martlet, arguments)
        #expect(first.status == 0)
        #expect(first.errors.isEmpty)
        #expect(!first.text.isEmpty && !first.text.contains("fibonacci(n):"))
        #expect(first.output == second.output)
    }

    private struct Answer: Decodable {
        struct Token: Decodable {
            var id: Int
            var logprob: Float
            var top: [Token]?
        }
        var text: String
        var reason: String
        var generated_tokens: Int
        var logprobs: [Token]?
    }

    private func complete(_ flags: String...) async throws -> Answer {
        let run = try await CommandRun.run(
            Repository.martlet,
            ["run", TestModel.smollm2, "-p", "1, 2, 3, 4, 5,", "--raw", "--json", "--max-tokens", "12"] + flags)
        #expect(run.status == 0, "\(run.errors)")
        return try run.json(Answer.self)
    }

    @Test("sampling follows its flags: seeds, stop texts, bias, log-probabilities, whatever the thread count")
    func sampling() async throws {
        let greedy = try await complete("--temperature", "0", "--repetition-penalty", "1")
        #expect(greedy.text.hasPrefix(" 6, 7"))
        #expect(greedy.reason == "maxTokens")
        let stopped = try await complete("--temperature", "0", "--repetition-penalty", "1", "--stop", " 7")
        #expect(stopped.text == " 6,")
        #expect(stopped.reason == "stopText")
        let random = ["--temperature", "1.5", "--top-p", "1", "--top-k", "0"]
        let first = try await complete("--seed", "7", "-t", "1", random[0], random[1], random[2], random[3])
        let second = try await complete("--seed", "7", "-t", "2", random[0], random[1], random[2], random[3])
        let third = try await complete("--seed", "8", "-t", "2", random[0], random[1], random[2], random[3])
        #expect(first.text == second.text)
        #expect(first.text != third.text)
        let watched = try await complete("--temperature", "0", "--repetition-penalty", "1", "--logprobs", "3")
        let tokens = try #require(watched.logprobs)
        #expect(tokens.count == watched.generated_tokens)
        #expect(tokens.allSatisfy { $0.logprob <= 0 && $0.top?.count == 3 && $0.top?.first?.id == $0.id })
        let biased = try await complete("--temperature", "0", "--logit-bias", "\(tokens[0].id)=-100", "--logprobs", "0")
        #expect(biased.logprobs?.allSatisfy { $0.id != tokens[0].id } == true)
    }

    @Test("run -p answers; standard input follows the prompt")
    func answer() async throws {
        let alone = try await CommandRun.martlet(
            "run", TestModel.smollm2, "-p", "What is the capital of France?", "--temperature", "0", "--max-tokens", "16"
        )
        #expect(alone.status == 0, "\(alone.errors)")
        #expect(alone.text.contains("Paris"))
        #expect(alone.text.hasSuffix("\n"))
        for arguments in [["-p", "Answer this question."], []] {
            let piped = try await CommandRun.run(
                Repository.martlet,
                ["run", TestModel.smollm2, "--temperature", "0", "--max-tokens", "16"] + arguments,
                input: Data("What is the capital of France?".utf8))
            #expect(piped.status == 0, "\(piped.errors)")
            #expect(piped.text.contains("Paris"), "\(piped.text)")
        }
    }

    @Test("a prompt is enough when a parent process left standard input open")
    func openPipe() async throws {
        let folder = try TemporaryFolder()
        let run = try await CommandRun.shell(
            "mkfifo input && exec 3<>input && $martlet run \(TestModel.smollm2) -p Hi --max-tokens 2 <&3 >/dev/null; echo $? >&2",
            folder: folder.path)
        #expect(run.errors.hasPrefix("0\n"))
    }

    private struct Perplexity: Decodable {
        var tokens: Int
        var scored_tokens: Int
        var perplexity: Double
    }

    @Test("perplexity scores the second half of each chunk")
    func perplexity() async throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 40)
        let file = try folder.write(text, to: "text")
        let run = try await CommandRun.martlet("perplexity", TestModel.smollm2, file, "--context", "64", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json(Perplexity.self)
        #expect(report.scored_tokens == report.tokens / 64 * 31)
        #expect(report.perplexity > 1 && report.perplexity < 3)
        let short = try await CommandRun.martlet("perplexity", TestModel.smollm2, file, "--context", "4096")
        #expect(short.status == 2)
        #expect(short.errors.contains("smaller --context"))
    }

    @Test("doctor reports processor, memory and models as JSON")
    func doctor() async throws {
        struct Report: Decodable {
            struct Processor: Decodable {
                var cores_usable: Int
                var level: String
            }
            struct Memory: Decodable { var read_bytes_per_second: Double }
            struct Sandbox: Decodable { var milliseconds: Double }
            var processor: Processor
            var memory: Memory
            var sandbox: Sandbox
        }
        let run = try await CommandRun.martlet("doctor", "--json", environment: ["MARTLET_CPU": "scalar"])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json(Report.self)
        #expect(report.processor.level == "scalar")
        #expect(report.processor.cores_usable > 0)
        #expect(report.memory.read_bytes_per_second > 1e8)
        #expect(report.sandbox.milliseconds > 0)
        let broken = try await CommandRun.martlet(
            "doctor", environment: ["MARTLET_CPU": "sse9", "MARTLET_THREDS": "1"])
        #expect(broken.status == 1)
        #expect(broken.text.contains("MARTLET_THREADS"))
        #expect(broken.text.contains("unset MARTLET_CPU"))
    }
}

@Suite("Code completion")
struct CompletionTests {
    private struct Report: Decodable {
        var completion: String
        var reason: String
    }

    @Test("complete fills in what belongs between a prefix and a suffix, and stops there")
    func fill() async throws {
        let folder = try TemporaryFolder()
        let prefix = try folder.write(
            "def quicksort(arr):\n    if len(arr) <= 1:\n        return arr\n    pivot = arr[len(arr) // 2]\n    ",
            to: "prefix")
        let suffix = try folder.write("\n    return quicksort(left) + middle + quicksort(right)\n", to: "suffix")
        let run = try await CommandRun.martlet(
            "complete", TestModel.qwen, "--prefix-file", prefix, "--suffix-file", suffix, "--json")
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json(Report.self)
        #expect(report.completion.hasPrefix("left = [x for x in arr if x < pivot]"))
        #expect(report.reason == "stop")
    }

    @Test("complete knows what other files of the repository define")
    func repository() async throws {
        let folder = try TemporaryFolder()
        try folder.write("def frobnicate_table(rows, depth):\n    \"\"\"Frobnicates a table.\"\"\"\n", to: "tables.py")
        let prefix = try folder.write(
            "from tables import frobnicate_table\n\nrows = load()\n# Frobnicate the table, three deep.\nresult = ",
            to: "main.py")
        let run = try await CommandRun.martlet(
            "complete", TestModel.qwen, "--prefix-file", prefix, "--repo-file", "tables.py", "--max-tokens", "12",
            folder: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.hasPrefix("frobnicate_table(rows, "))
    }
}
