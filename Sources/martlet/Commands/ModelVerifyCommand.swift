import ArgumentParser
import ModelFiles

struct ModelVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hash models again and compare with what was pulled.",
        discussion: "Exit status 1 when a file has changed or is missing.")

    @Argument(help: "Names as 'martlet model list' shows them. Default: all.")
    var models: [String] = []

    @OptionGroup var storeOptions: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let store = try storeOptions.store()
        var chosen: [StoredModel] = []
        var reports: [VerificationReport] = []
        if models.isEmpty {
            let (all, problems) = try store.list()
            chosen = all
            reports = problems.map { VerificationReport(problem: $0) }
        } else {
            for name in models {
                guard let model = try store.model(named: name) else { throw try missing(name, store) }
                chosen.append(model)
            }
        }
        let bar = ProgressBar(output: .notes)
        for model in chosen {
            let total = model.byteCount
            let results = await store.verify(model) { done in
                bar.update(received: done, total: total, bytesPerSecond: 0, secondsLeft: nil)
            }
            bar.clear()
            let remedy = "Try: \(store.pullCommand(for: model))"
            reports += results.map { VerificationReport(model: model, result: $0, remedy: remedy) }
        }
        if report.json {
            try TextOutput.results.print(json: ["files": reports])
        } else {
            for entry in reports { try TextOutput.results.print(entry.text) }
        }
        if !reports.allSatisfy(\.intact) { throw ExitCode(1) }
    }

    /// The error that says what to do about a name that is not here.
    private func missing(_ name: String, _ store: ModelStore) throws -> any Error {
        do throws(StoreError) {
            _ = try store.resolve(name)
            return StoreError.unknownModel(name: name, suggestions: [])
        } catch { return error }
    }
}

/// What became of one file.
private struct VerificationReport: Encodable {
    var model: String
    var path: String
    var intact: Bool
    /// What is wrong, and what to do.
    var problem: String?

    init(model: StoredModel, result: ModelStore.Verification, remedy: String) {
        self.model = model.manifest.name
        path = result.path
        intact = result.verdict == .intact
        problem =
            switch result.verdict {
            case .intact: nil
            case .missing: "\(result.path) is missing. \(remedy)"
            case .wrongSize(let expected, let found):
                "\(result.path) has \(found) bytes instead of \(expected). \(remedy)"
            case .wrongHash(let expected, let found):
                "\(result.path) has the SHA-256 \(found) instead of \(expected). \(remedy)"
            case .unreadable(let error): "\(error)"
            }
    }

    init(problem: StoreError) {
        model = ""
        path = ""
        intact = false
        self.problem = problem.description
    }

    var text: String { problem.map { "\(model)  DAMAGED: \($0)" } ?? "\(model)  intact" }
}
