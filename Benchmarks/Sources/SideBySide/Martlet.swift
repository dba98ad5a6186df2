package import Foundation

/// The martlet binary: the commands that the comparison uses and the JSON they print.
package struct Martlet: Sendable {
    package var binary: String
    package var model: String
    package var threads: Int

    package init(binary: String, model: String, threads: Int) {
        self.binary = binary
        self.model = model
        self.threads = threads
    }

    package func bench(_ run: BenchRun) -> Command {
        Command(
            binary,
            [
                "bench", model, "-p", "\(run.prompt)", "-n", "\(run.generation)", "-t", "\(threads)",
                "-r", "\(run.repetitions)", "--json",
            ] + (run.depth > 0 ? ["--depth", "\(run.depth)"] : [])
                + (run.cache == .f16 ? [] : ["--kv", run.cache.rawValue]))
    }

    /// Tokens per second by metric; a test of zero tokens may be null, absent or zero.
    package static func speeds(fromBench json: Data) throws(CommandError) -> [String: Double] {
        struct Spread: Decodable { var median: Double }
        struct Bench: Decodable {
            var prompt_tokens_per_second: Spread?
            var generation_tokens_per_second: Spread?
        }
        let bench: Bench = try decode(json, wanted: "bench JSON")
        var speeds: [String: Double] = [:]
        if let median = bench.prompt_tokens_per_second?.median, median > 0 { speeds[Metric.prefill] = median }
        if let median = bench.generation_tokens_per_second?.median, median > 0 { speeds[Metric.decode] = median }
        return speeds
    }

    package func completion(of prompt: String, tokens: Int) -> Command {
        Command(binary, ["run", model, "-p", prompt, "--raw", "--temperature", "0", "--max-tokens", "\(tokens)"])
    }

    /// An answer of the chat model, greedy.
    package func answer(to prompt: String, tokens: Int, speculation: String) -> Command {
        Command(
            binary,
            [
                "run", model, "-p", prompt, "--temperature", "0", "--max-tokens", "\(tokens)", "-t", "\(threads)",
                "--speculation", speculation, "--json",
            ])
    }

    /// Tokens per second of an answer, without reading the prompt.
    package static func speed(fromAnswer json: Data) throws(CommandError) -> Double {
        struct Answer: Decodable {
            var generated_tokens: Int
            var generation_seconds: Double
        }
        let answer: Answer = try decode(json, wanted: "run JSON")
        return Double(answer.generated_tokens) / max(answer.generation_seconds, 1e-9)
    }

    package func version() -> Command { Command(binary, ["--version"], timeoutSeconds: 10) }

    package func perplexity(of file: String, chunks: Int?) -> Command {
        Command(
            binary,
            ["perplexity", model, file, "--context", "512", "--json"] + (chunks.map { ["--chunks", "\($0)"] } ?? []))
    }

    package static func perplexity(from json: Data) throws(CommandError) -> Double {
        struct Result: Decodable { var perplexity: Double }
        let result: Result = try decode(json, wanted: "perplexity JSON")
        return result.perplexity
    }

    /// Logits after the last of `ids`.
    package func logits(after ids: [Int]) throws(CommandError) -> [Float] {
        struct Result: Decodable { var logits: [[Float]] }
        let list = ids.map(String.init).joined(separator: ",")
        let outcome = try Command(binary, ["logits", model, "--tokens", list, "--json"]).run()
        let result: Result = try Self.decode(outcome.standardOutput, wanted: "logits JSON")
        guard let row = result.logits.last else {
            throw .unreadable(program: binary, wanted: "row of logits", got: "an empty list")
        }
        return row
    }

    private static func decode<Value: Decodable>(_ json: Data, wanted: String) throws(CommandError) -> Value {
        guard let value = try? JSONDecoder().decode(Value.self, from: json) else {
            throw .unreadable(program: "martlet", wanted: wanted, got: String(decoding: json, as: UTF8.self))
        }
        return value
    }
}
