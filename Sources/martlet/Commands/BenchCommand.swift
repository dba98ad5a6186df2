import ArgumentParser
import Architectures
import Foundation
import Generation
import LocalChat
import ModelFiles
import Settings
import Tensors

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast a model reads and writes on this machine.",
        discussion: """
            Reads a prompt of fixed random tokens, then generates one token at a time, and repeats both; prints \
            medians and spread. With --parallel, several sequences generate together, as they do in a server, and the \
            tokens of all count. Sampling is not part of it. Do nothing else on the machine meanwhile.
            """)
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var model: ModelArgument
    @Option(name: [.customShort("p"), .long], help: "Tokens of the prompt; 0 skips this part.")
    var promptTokens = 512
    @Option(name: [.customShort("n"), .long], help: "Tokens to generate; 0 skips this part.")
    var generatedTokens = 128
    @Option(name: .shortAndLong, help: "Times that each part is measured, after one round that is not.")
    var repetitions = 5
    @Option(name: .shortAndLong, help: "Tokens already in the context before each part.")
    var depth = 0
    @Option(help: "Sequences that generate together.")
    var parallel = 1
    @Option(help: "Tokens of a sequence that generate evaluates at a time, as when drafts are checked.")
    var rows = 1
    @Flag(help: "With --parallel, each sequence gets one of the adapters in turn, instead of all of them.")
    var adaptersApart = false
    @OptionGroup var engine: EngineOptions
    @OptionGroup var report: ReportOptions

    private struct Report: Encodable {
        var model: String
        var threads: Int
        var sequences: Int
        var promptTokensPerSecond: Spread?
        var generationTokensPerSecond: Spread?
        var loadSeconds: Double
        var residentBytes: Int
    }

    func validate() throws {
        guard promptTokens >= 0, generatedTokens >= 0, depth >= 0, promptTokens + generatedTokens > 0 else {
            throw ValidationError("give -p or -n a number of tokens to measure, none below 0.")
        }
        guard repetitions > 0 else { throw ValidationError("-r must be at least 1.") }
        guard (1...256).contains(parallel) else { throw ValidationError("--parallel takes 1 to 256.") }
        guard !adaptersApart || parallel > 1 else { throw ValidationError("--adapters-apart needs --parallel.") }
        guard (1...256).contains(rows) else { throw ValidationError("--rows takes 1 to 256.") }
    }

    func run() throws {
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try engine.add(to: &flags)
        let plan = try ResolvedSettings(flags: flags).plan
        let needed = depth + max(promptTokens, generatedTokens + 1)
        let start = ContinuousClock.now
        let language = try plan.loadLanguageModel()
        var options = try plan.sessionOptions(for: language, atLeast: needed, adapters: adapters)
        if plan.context == nil { options.context = needed }
        let target: any BenchTarget =
            parallel == 1
            ? try Session(language, options)
            : try BatchEngine(language, options, slots: parallel).giving(adaptersApart ? options.adapters.apart : [])
        let loadSeconds = (ContinuousClock.now - start) / .seconds(1)

        var source = SplitMix(state: 42)
        let vocabulary = UInt64(language.hyperparameters.vocabulary)
        let ids = (0..<needed).map { _ in Int32(source.next() % vocabulary) }
        if depth > 0 { try target.fill(Array(ids[..<depth])) }
        let prompt = try measure(target, tokens: promptTokens) {
            try target.read(Array(ids[depth..<depth + promptTokens]))
        }
        let generation = try measure(target, tokens: generatedTokens * parallel) {
            for first in stride(from: depth, to: depth + generatedTokens, by: rows) {
                try target.generate(Array(ids[first..<min(first + rows, depth + generatedTokens)]))
            }
        }
        let result = Report(
            model: plan.model, threads: target.threads, sequences: parallel, promptTokensPerSecond: prompt,
            generationTokensPerSecond: generation, loadSeconds: loadSeconds, residentBytes: ProcessMemory.residentBytes)
        if report.json {
            try TextOutput.results.print(json: result)
        } else {
            try TextOutput.results.write(table(result, options))
        }
    }

    /// Tokens per second of each round; every round starts at the same depth.
    private func measure(_ target: any BenchTarget, tokens: Int, _ body: () throws -> Void) throws -> Spread? {
        guard tokens > 0 else { return nil }
        var rates: [Double] = []
        for round in 0...repetitions {
            try target.reset(to: depth)
            let start = ContinuousClock.now
            try body()
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if round > 0 { rates.append(Double(tokens) / seconds) }
        }
        try target.reset(to: depth)
        return Spread(rates)
    }

    private func table(_ result: Report, _ options: SessionOptions) -> String {
        var table = Table(.left, .right, .left)
        let setting = "\(result.threads) threads, \(options.level.name), \(options.kv.rawValue) cache"
        table.add(result.model, "tokens/s", "(median, \(repetitions) rounds; \(setting))")
        func add(_ name: String, _ spread: Spread?) {
            guard let spread else { return }
            table.add(
                name + (depth > 0 ? " at depth \(grouped(depth))" : ""), format(spread.median, places: 1),
                "\(format(spread.min, places: 1)) to \(format(spread.max, places: 1))")
        }
        add("read \(grouped(promptTokens)) tokens", result.promptTokensPerSecond)
        let together = parallel > 1 ? ", \(parallel) sequences together" : ""
        add("generate \(grouped(generatedTokens)) tokens\(together)", result.generationTokensPerSecond)
        if rows > 1 { table.add("", "", "in passes of \(rows) tokens each") }
        table.add("load", format(result.loadSeconds * 1000, places: 0), "ms")
        table.add("resident memory", "\(ByteCount(result.residentBytes))")
        return table.text
    }
}

/// What is measured: one sequence, or several together.
private protocol BenchTarget {
    var threads: Int { get }
    /// Takes every sequence to where a round begins.
    func fill(_ ids: [Int32]) throws
    /// Takes every sequence back there.
    func reset(to depth: Int) throws
    /// Reads a prompt in one sequence.
    func read(_ ids: [Int32]) throws
    /// Tokens of every sequence, with the logits after each.
    func generate(_ ids: [Int32]) throws
}

extension Session: BenchTarget {
    fileprivate func fill(_ ids: [Int32]) throws { try evaluate(ids) }

    fileprivate func reset(to depth: Int) throws {
        truncate(to: depth)
        try catchUp()
    }

    fileprivate func read(_ ids: [Int32]) throws { try evaluate(ids) }
    fileprivate func generate(_ ids: [Int32]) throws {
        if ids.count == 1 { return try evaluate(ids) }
        try evaluate(ids, wanted: ids.indices) { _, _ in }
    }
}

extension BatchEngine: BenchTarget {
    /// Sequences take turns with `selections`; none changes nothing.
    fileprivate func giving(_ selections: [AdapterSelection]) -> BatchEngine {
        guard !selections.isEmpty else { return self }
        for slot in 0..<slotCount { adapt(slot, with: selections[slot % selections.count]) }
        return self
    }

    fileprivate func fill(_ ids: [Int32]) throws {
        for slot in 0..<slotCount { try read(ids, in: slot) }
    }

    fileprivate func reset(to depth: Int) throws {
        for slot in 0..<slotCount {
            let ids = tokens(of: slot)
            let held = truncate(slot, to: depth)
            if held < min(depth, ids.count) { try read(Array(ids[held..<depth]), in: slot) }
        }
    }

    fileprivate func read(_ ids: [Int32]) throws { try read(ids, in: 0) }

    private func read(_ ids: [Int32], in slot: Int) throws {
        for first in stride(from: 0, to: ids.count, by: Session.batch) {
            let part = Array(ids[first..<min(ids.count, first + Session.batch)])
            try evaluate([SlotInput(slot: slot, ids: part, wantsLogits: first + part.count == ids.count)]) { _, _ in }
        }
    }

    fileprivate func generate(_ ids: [Int32]) throws {
        let drafts = ids.count - 1
        try evaluate(
            (0..<slotCount).map { SlotInput(slot: $0, ids: ids, wantsLogits: true, drafts: drafts) }
        ) { _, _ in }
    }
}

/// Steele, Lea and Flood 2014: the same numbers everywhere for the same seed.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
