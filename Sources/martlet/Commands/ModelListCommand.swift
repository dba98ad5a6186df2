import ArgumentParser
import ModelFiles

struct ModelListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models on this machine, or those that can be pulled.")

    @Flag(help: "List the catalogue instead: what can be pulled by name.")
    var available = false

    @OptionGroup var storeOptions: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        let store = try storeOptions.store()
        let (models, problems) = try store.list()
        for problem in problems { try TextOutput.notes.print("martlet: \(problem)") }
        if available {
            try printCatalogue(store.catalogue, pulled: Set(models.map(\.manifest.name)))
        } else {
            try print(models)
        }
    }

    private func print(_ models: [StoredModel]) throws {
        if report.json {
            try TextOutput.results.print(json: ["models": models.map(StoredModelReport.init)])
            return
        }
        if models.isEmpty {
            try TextOutput.notes.print("No models are on this machine. Try: martlet model pull qwen2.5-coder:1.5b")
            return
        }
        var table = Table(.left, .right, .left, .left)
        for model in models {
            table.add(
                model.manifest.name, "\(ByteCount(model.byteCount))", String(model.manifest.pulled.prefix(10)),
                model.manifest.licence.text)
        }
        try TextOutput.results.write(table.text)
    }

    private func printCatalogue(_ catalogue: Catalogue, pulled: Set<String>) throws {
        if report.json {
            let entries = catalogue.entries.map { CatalogueReport($0, isPulled: pulled.contains($0.name)) }
            try TextOutput.results.print(json: ["models": entries])
            return
        }
        var table = Table(.left, .right, .left, .left, .left)
        for entry in catalogue.entries {
            table.add(
                entry.name, (entry.isExact == true ? "" : "~") + "\(ByteCount(entry.byteCount))",
                pulled.contains(entry.name) ? "here" : "", entry.licence.text, entry.summary)
        }
        try TextOutput.results.write(table.text)
    }
}

/// A model on this machine, as `model list --json` and `model pull --json` print it.
struct StoredModelReport: Encodable {
    var name: String
    var path: String
    var bytes: Int
    var source: String
    var origin: String
    var revision: String?
    var sha256: [String]
    var verified: Bool
    var pulled: String
    var licence: LicenceReport

    init(_ model: StoredModel) {
        let manifest = model.manifest
        name = manifest.name
        path = model.firstPath
        bytes = model.byteCount
        source = manifest.source
        origin = manifest.origin
        revision = manifest.revision
        sha256 = manifest.files.map(\.sha256)
        verified = manifest.verified
        pulled = manifest.pulled
        licence = LicenceReport(manifest.licence)
    }
}

/// A model of the catalogue, as `model list --available --json` prints it.
private struct CatalogueReport: Encodable {
    var name: String
    var summary: String
    var bytes: Int
    var exact: Bool
    var quantisation: String
    /// Absent for what is no language model.
    var parameters: Int?
    var context: Int?
    var licence: LicenceReport
    var pulled: Bool

    init(_ entry: CatalogueEntry, isPulled: Bool) {
        name = entry.name
        summary = entry.summary
        bytes = entry.byteCount
        exact = entry.isExact == true
        quantisation = entry.quantisation
        parameters = entry.model?.parameters
        context = entry.model?.context
        licence = LicenceReport(entry.licence)
        pulled = isPulled
    }
}
