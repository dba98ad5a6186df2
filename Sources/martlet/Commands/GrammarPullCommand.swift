import ArgumentParser
import Foundation
import GrammarFiles

struct GrammarPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch the grammars of all languages, or mend those that are damaged.",
        discussion: """
            Prints the folder of the grammars. They come as one wheel from a Python index, and every library is checked \
            against its SHA-256 before any appears. Honours pip's index settings, https_proxy, and CURL_CA_BUNDLE. For a \
            machine without a network, fetch the wheel elsewhere (pip download --no-deps semble-grammars==0.1.2) and give \
            its path with --from.
            """)

    @Option(
        name: .customLong("from"), help: ArgumentHelp("Wheel to take them from.", valueName: "wheel"),
        completion: .file(extensions: ["whl"]))
    var wheel: String?

    @Flag(help: "Fetch again even if they are here.")
    var force = false

    @Flag(name: .shortAndLong, help: "Say nothing if they are here already.")
    var quiet = false

    @OptionGroup var storeOptions: GrammarStoreOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let store = try storeOptions.store()
        let installer = GrammarInstaller(store: store, environment: ProcessInfo.processInfo.environment)
        let display = PullDisplay(quiet: quiet)
        do {
            let manifest = try await withInterruption { [wheel, force] in
                try await installer.install(from: wheel, force: force) { display.show($0) }
            }
            display.end()
            if quiet, display.wasPresent { return }
            if report.json {
                try TextOutput.results.print(json: GrammarBundleReport(manifest, folder: store.folder))
            } else {
                try TextOutput.results.print(store.folder)
            }
        } catch let error as GrammarInstallError where error.isCancellation {
            display.end()
            try TextOutput.notes.print("\(error)")
            throw CancellationError()
        } catch {
            display.end()
            throw error
        }
    }
}

/// An installed bundle, as `grammar pull --json` prints it.
private struct GrammarBundleReport: Encodable {
    var bundle: String
    var folder: String
    var platform: String
    var installed: String
    var grammars: [String]

    init(_ manifest: GrammarManifest, folder: String) {
        bundle = manifest.bundle
        self.folder = folder
        platform = manifest.platform
        installed = manifest.installed
        grammars = manifest.grammars.keys.sorted()
    }
}
