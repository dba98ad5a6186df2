package import Foundation

/// llama.cpp's programs, the settings tried with them, and how their output is read.
package struct LlamaCpp: Sendable {
    package var folder: String
    package var model: String
    package var threads: Int

    package init(folder: String, model: String, threads: Int) {
        self.folder = folder
        self.model = model
        self.threads = threads
    }

    /// The two switches that decide llama.cpp's speed on a CPU.
    package struct Setting: Sendable, CustomStringConvertible {
        var repack: Bool
        var flashAttention: Bool

        package var description: String { "--repack \(repack ? 1 : 0) -fa \(flashAttention ? 1 : 0)" }
        static let all = [(true, true), (false, true), (true, false), (false, false)].map(Setting.init)
    }

    package func bench(_ run: BenchRun, _ setting: Setting, timeoutSeconds: Double = 1800) -> Command {
        Command(
            folder + "/llama-bench",
            [
                "-m", model, "-p", "\(run.prompt)", "-n", "\(run.generation)", "-d", "\(run.depth)", "-t", "\(threads)",
                "-r", "\(run.repetitions)", "-ctk", run.cache.rawValue, "-ctv", run.cache.rawValue,
                "--repack", setting.repack ? "1" : "0", "-fa", setting.flashAttention ? "1" : "0", "-o", "json",
            ], timeoutSeconds: timeoutSeconds)
    }

    package func speeds(_ outcome: Command.Outcome) throws(CommandError) -> [String: Double] {
        try Self.speeds(fromBench: outcome.standardOutput)
    }

    /// Tokens per second by metric: the median of llama-bench's samples for its prompt test and its generation test.
    package static func speeds(fromBench json: Data) throws(CommandError) -> [String: Double] {
        struct Test: Decodable {
            var n_prompt: Int
            var n_gen: Int
            var samples_ts: [Double]
        }
        guard let tests = try? JSONDecoder().decode([Test].self, from: json) else {
            throw .unreadable(
                program: "llama-bench", wanted: "list of tests", got: String(decoding: json, as: UTF8.self))
        }
        var speeds: [String: Double] = [:]
        for test in tests {
            speeds[test.n_gen > 0 ? Metric.decode : Metric.prefill] = Samples(test.samples_ts).median
        }
        return speeds
    }

    /// One greedy token of a raw completion, with the fastest start llama.cpp has.
    package func firstToken(of prompt: String, repack: Bool) -> Command {
        Command(
            folder + "/llama-completion",
            [
                "-m", model, "-p", prompt, "-n", "1", "-t", "\(threads)", "--temp", "0", "-no-cnv", "-c", "512", "-fa",
                "on",
                "--no-warmup", "--no-display-prompt", "--simple-io", repack ? "--repack" : "--no-repack",
            ])
    }

    package func perplexity(of file: String, chunks: Int?) -> Command {
        Command(
            folder + "/llama-perplexity",
            ["-m", model, "-f", file, "-c", "512", "-t", "\(threads)", "-fa", "on", "--no-repack"]
                + (chunks.map { ["--chunks", "\($0)"] } ?? []))
    }

    /// The number in llama-perplexity's last line, `Final estimate: PPL = 5.4826 +/- 0.39868`.
    package static func perplexity(in log: String) -> Double? {
        guard let start = log.range(of: "Final estimate: PPL = ")?.upperBound else { return nil }
        return log[start...].split(separator: " ", maxSplits: 1).first.flatMap { Double($0) }
    }
}

/// Names of measured quantities, shared by both engines.
enum Metric {
    static let prefill = "prefill tokens/s"
    static let decode = "decode tokens/s"
    static let seconds = "seconds"
    static let resident = "resident MB"
}

/// One run of an engine's bench.
package struct BenchRun: Sendable {
    /// Element type of the KV cache.
    package enum Cache: String, Sendable { case f16, q8_0 }

    var prompt: Int
    var generation: Int
    /// Tokens already in the cache when either test starts.
    var depth = 0
    var cache = Cache.f16
    var repetitions: Int
}
