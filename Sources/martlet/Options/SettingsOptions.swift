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

    @Option(help: ArgumentHelp("Element type of the key-value cache: f16 or q8_0. Default: f16.", valueName: "type"))
    var kv: String?

    @Option(
        name: .customLong("models"),
        help: ArgumentHelp("Folder that downloaded models are kept in.", valueName: "folder"), completion: .directory)
    var modelsFolder: String?

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.threads, threads.map(SettingValue.integer))
        try flags.setFlag(.context, context.map(SettingValue.integer))
        try flags.setFlag(.kv, kv.map(SettingValue.text))
        try flags.setFlag(.models, modelsFolder.map(SettingValue.text))
    }
}

/// Flags that say how tokens are chosen.
struct SamplingFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sampling temperature; 0 always takes the likeliest token. Default: 0.7.", valueName: "number"))
    var temperature: Double?

    @Option(
        help: ArgumentHelp(
            "Sample among this many of the likeliest tokens; 0 for all. Default: 20.", valueName: "count"))
    var topK: Int?

    @Option(
        help: ArgumentHelp(
            "Sample among the likeliest tokens that together have this probability. Default: 0.8.", valueName: "share"))
    var topP: Double?

    @Option(
        help: ArgumentHelp("Drop tokens less likely than this share of the likeliest. Default: 0.", valueName: "share"))
    var minP: Double?

    @Option(help: ArgumentHelp("Divides the score of tokens that occurred lately. Default: 1.05.", valueName: "number"))
    var repetitionPenalty: Double?

    @Option(help: ArgumentHelp("Seed of the random numbers: the same seed gives the same text.", valueName: "number"))
    var seed: Int?

    @Option(help: ArgumentHelp("Most tokens of one answer. Default: until the model stops.", valueName: "tokens"))
    var maxTokens: Int?

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.temperature, temperature.map(SettingValue.number))
        try flags.setFlag(.topK, topK.map(SettingValue.integer))
        try flags.setFlag(.topP, topP.map(SettingValue.number))
        try flags.setFlag(.minP, minP.map(SettingValue.number))
        try flags.setFlag(.repetitionPenalty, repetitionPenalty.map(SettingValue.number))
        try flags.setFlag(.seed, seed.map(SettingValue.integer))
        try flags.setFlag(.maxTokens, maxTokens.map(SettingValue.integer))
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
