import Foundation

/// Runs a plan's groups against both engines and fills a report.
package struct Comparison: Sendable {
    package let plan: Plan
    package var report: Report
    let llama: LlamaCpp
    let martlet: Martlet?
    /// Path of the running program, which serves as the busy process of `contended`.
    let ownProgram: String
    let progress: @Sendable (String) -> Void

    package init(
        _ plan: Plan, date: String, quick: Bool, ownProgram: String, progress: @escaping @Sendable (String) -> Void
    ) throws(ComparisonError) {
        self.plan = plan
        self.ownProgram = ownProgram
        self.progress = progress
        // Only martlet takes part in `speculation`.
        let peer = plan.groups == [.speculation] ? [] : [plan.llamaFolder + "/llama-bench"]
        for file in [plan.model] + peer + [plan.martlet].compactMap(\.self)
        where !FileManager.default.isReadableFile(atPath: file) {
            throw .missing(file: file)
        }
        llama = LlamaCpp(folder: plan.llamaFolder, model: plan.model, threads: plan.threads)
        martlet = plan.martlet.map { Martlet(binary: $0, model: plan.model, threads: plan.threads) }
        let size = (try? FileManager.default.attributesOfItem(atPath: plan.model)[.size] as? Int) ?? 0
        report = Report(
            date: date, machine: .current(),
            model: .init(file: URL(fileURLWithPath: plan.model).lastPathComponent, bytes: size),
            threads: plan.threads, quick: quick, versions: [:])
    }

    /// Runs every group in order; `update` gets the report after each, so that an interrupted run keeps what it has.
    package mutating func run(update: (Report) throws -> Void) async throws {
        report.versions = versions()
        for group in plan.groups {
            progress("== \(group.rawValue): \(group.summary)")
            switch group {
            case .speed: measureSpeed()
            case .contended: try measureContended()
            case .decode8k: measureLongDecode()
            case .prefill8k: measureLongPrefill()
            case .serve: measureServing()
            case .prefixes: try measurePrefixes()
            case .start: measureStart()
            case .memory: measureMemory()
            case .perplexity: measurePerplexity()
            case .greedy: try await compareGreedy()
            case .speculation: try measureSpeculation()
            }
            try update(report)
        }
    }

    private func versions() -> [String: String] {
        var versions: [String: String] = [:]
        if let outcome = try? Command(plan.llamaFolder + "/llama-bench", ["--version"], timeoutSeconds: 20).run() {
            let text = outcome.text + String(decoding: outcome.standardError, as: UTF8.self)
            versions["llama.cpp"] =
                text.split(separator: "\n").first { $0.contains("version") }
                .map { String($0).replacing("version: ", with: "") } ?? "unknown"
        }
        if let outcome = try? martlet?.version().run() {
            versions["martlet"] = outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return versions
    }
}

/// Why a comparison cannot start.
package enum ComparisonError: Error, CustomStringConvertible {
    case missing(file: String)

    package var description: String {
        switch self {
        case .missing(let file):
            "compare needs \(file), which is not there. Try: make build, Benchmarks/fetch-llama.cpp, or compare --help"
        }
    }
}

/// What a row must reach.
enum Target: Sendable {
    case none
    /// martlet / reference at least this.
    case ratio(atLeast: Double)
    /// |martlet / reference - 1| at most this.
    case within(fraction: Double)
    /// martlet's own figure at most this.
    case value(atMost: Double)

    var words: String {
        switch self {
        case .none: "-"
        case .ratio(let least): String(format: ">= %gx", least)
        case .within(let fraction): String(format: "within %g %%", fraction * 100)
        case .value(let most): String(format: "<= %g", most)
        }
    }

    func isMet(martlet: Double, ratio: Double?) -> Bool? {
        switch self {
        case .none: nil
        case .ratio(let least): ratio.map { $0 >= least }
        case .within(let fraction): ratio.map { abs($0 - 1) <= fraction }
        case .value(let most): martlet <= most
        }
    }
}

extension Comparison {
    /// Adds a row from the best martlet standing and the best reference standing of one metric.
    /// - Parameters:
    ///   - own: which martlet setting counts; nil takes the best.
    ///   - reference: the side and setting compared against; nil setting takes the best of that side.
    mutating func add(
        _ name: String, unit: String, _ standings: [Standing], _ metric: String, preference: Preference = .higher,
        own: String? = nil, reference: (side: Contender.Side, setting: String?) = (.peer, nil), target: Target,
        note: String = ""
    ) {
        func figure(_ side: Contender.Side, _ setting: String?) -> Report.Figure? {
            let candidates = standings.filter { setting == nil || $0.setting == setting }
            return Report.Figure(Contest.best(candidates, side, metric, preference), metric)
        }
        let ours = figure(.martlet, own)
        let other = figure(reference.side, reference.setting)
        let ratio = ours.flatMap { ours in other.map { ours.median / $0.median } }
        let failures = standings.filter { $0.metrics.isEmpty }.compactMap { standing in
            standing.left.map { "\(standing.side.rawValue) \(standing.setting): \($0)" }
        }
        report.rows.append(
            .init(
                name: name, unit: unit, martlet: ours, reference: other, ratio: ratio, target: target.words,
                met: ours.flatMap { target.isMet(martlet: $0.median, ratio: ratio) },
                note: ([note] + failures).filter { !$0.isEmpty }.joined(separator: "; ")))
    }

    /// Runs a contest, keeps its standings in the report under `name` and returns them.
    mutating func hold(_ name: String, _ contest: Contest, _ contenders: [Contender]) -> [Standing] {
        let standings = contest.run(contenders, progress: progress)
        report.contests[name] = standings
        return standings
    }
}
