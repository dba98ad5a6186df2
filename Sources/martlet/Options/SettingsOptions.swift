import ArgumentParser
import Foundation
import Settings

/// Flags that say which model, and how to run it.
struct EngineOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Threads that compute. Default: the cores that this process may use.", valueName: "count"))
    var threads: Int?

    @Option(
        help: ArgumentHelp("Tokens of context. Default: the model's own, or what fits in memory.", valueName: "tokens"))
    var context: Int?

    @Option(
        help: ArgumentHelp("Element type of the key-value cache: f16, q8_0 or f32. Default: f16.", valueName: "type"))
    var kv: String?

    @OptionGroup var store: ModelStoreOptions

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.threads, threads.map(SettingValue.integer))
        try flags.setFlag(.context, context.map(SettingValue.integer))
        try flags.setFlag(.kv, kv.map(SettingValue.text))
        try store.add(to: &flags)
    }
}

/// How the commands that generate text get ahead.
struct SpeculationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Draft tokens from text that occurred before, for the model to check: lookup or off. Default: lookup.",
            valueName: "way"))
    var speculation: String?

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.speculation, speculation.map(SettingValue.text))
    }
}

/// `--draft` of the commands that hold conversations.
struct DraftOptions: ParsableArguments {
    @Option(
        name: .customLong("draft"),
        help: ArgumentHelp(
            "Smaller model of the same family that drafts tokens where text that occurred before does not help.",
            valueName: "model"), completion: .storedModels)
    var draftModel: String?

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.draftModel, draftModel.map(SettingValue.text))
    }
}

/// `--json` of the commands that report.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Print the report as JSON.")
    var json = false
}

extension ResolvedSettings {
    /// The settings in force for this process, flags first.
    init(flags: SettingsLayer = SettingsLayer()) throws(SettingsError) {
        try self.init(
            flags: flags, environment: ProcessInfo.processInfo.environment,
            workingFolder: FileManager.default.currentDirectoryPath)
    }
}
