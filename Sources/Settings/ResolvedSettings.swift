/// The settings in force: for each key the value of the strongest source that gives one.
package struct ResolvedSettings: Hashable, Sendable {
    private let entries: [SettingKey: SettingEntry]
    package let folders: StandardFolders

    /// - Parameter layers: the strongest first.
    package init(layers: [SettingsLayer], folders: StandardFolders) {
        var entries: [SettingKey: SettingEntry] = [:]
        for key in SettingKey.allCases {
            entries[key] =
                layers.lazy.compactMap { $0.values[key] }.first
                ?? key.defaultValue.map { SettingEntry(value: $0, origin: .builtIn) }
        }
        self.entries = entries
        self.folders = folders
    }

    /// Reads flags, environment, project file and user file, in this order of strength.
    package init(
        flags: SettingsLayer, environment: [String: String], workingFolder: String
    ) throws(SettingsError) {
        let folders = StandardFolders(environment: environment)
        var layers = [flags, try SettingsLayer(environment: environment)]
        if let file = folders.projectSettings(from: workingFolder) {
            layers.append(try SettingsLayer(file: file, origin: .project(file: file)))
        }
        let file = folders.userSettings
        layers.append(try SettingsLayer(file: file, origin: .user(file: file)))
        self.init(layers: layers, folders: folders)
    }

    /// The value in force and its origin; nil where nothing gives one and the default depends on the machine.
    package subscript(key: SettingKey) -> SettingEntry? { entries[key] }

    private func text(_ key: SettingKey) -> String? {
        if case .text(let text)? = entries[key]?.value { text } else { nil }
    }

    private func integer(_ key: SettingKey) -> Int? {
        if case .integer(let integer)? = entries[key]?.value { integer } else { nil }
    }

    private func number(_ key: SettingKey, or fallback: Double) -> Double {
        if case .number(let number)? = entries[key]?.value { number } else { fallback }
    }

    /// The typed form that commands work with.
    package var plan: SettingsPlan {
        SettingsPlan(
            model: text(.model) ?? "",
            modelsFolder: text(.models).map(folders.expanded) ?? folders.data + "/models",
            grammarsFolder: text(.grammars).map(folders.expanded) ?? folders.data + "/grammars",
            threads: integer(.threads),
            context: integer(.context),
            kv: text(.kv).flatMap(SettingsPlan.KeyValueType.init) ?? .f16,
            drafts: integer(.drafts) ?? 0,
            speculation: text(.speculation).flatMap(SettingsPlan.Speculation.init) ?? .off,
            draftModel: text(.draftModel),
            maxTokens: integer(.maxTokens),
            system: text(.system),
            sampling: SettingsPlan.Sampling(
                temperature: number(.temperature, or: 0),
                topK: integer(.topK) ?? 0,
                topP: number(.topP, or: 1),
                minP: number(.minP, or: 0),
                typicalP: number(.typicalP, or: 1),
                repetitionPenalty: number(.repetitionPenalty, or: 1),
                frequencyPenalty: number(.frequencyPenalty, or: 0),
                presencePenalty: number(.presencePenalty, or: 0),
                penaltyWindow: integer(.penaltyWindow) ?? -1,
                dryMultiplier: number(.dryMultiplier, or: 0),
                dryBase: number(.dryBase, or: 1),
                dryAllowedLength: integer(.dryAllowedLength) ?? 0,
                dryWindow: integer(.dryWindow) ?? -1,
                seed: integer(.seed).map(UInt64.init)),
            searchVectors: text(.searchVectors).flatMap { $0 == "none" ? nil : $0 },
            precise: SettingsPlan.Precise(
                servers: text(.preciseServers) ?? "",
                timeout: .seconds(integer(.preciseTimeout) ?? 60),
                memoryBytes: Int(number(.preciseMemory, or: 4) * 1e9)))
    }
}

/// Settings as commands use them: typed, complete, and without a trace of where they came from.
package struct SettingsPlan: Hashable, Sendable {
    package var model: String
    package var modelsFolder: String
    package var grammarsFolder: String
    /// Nil: as many as this process may use.
    package var threads: Int?
    /// Tokens; nil: the model's own, or what fits in memory.
    package var context: Int?
    package var kv: KeyValueType
    /// Tokens that a model's own head may guess ahead.
    package var drafts: Int
    package var speculation: Speculation
    /// Nil: none.
    package var draftModel: String?
    /// Nil: until the model stops.
    package var maxTokens: Int?
    package var system: String?
    package var sampling: Sampling
    /// A name in the store; nil: search goes by words alone.
    package var searchVectors: String?
    package var precise: Precise

    /// Element type of the key-value cache.
    package enum KeyValueType: String, Sendable {
        case f16
        case q8_0
        case f32
    }

    /// Where tokens are guessed from that the model then checks together.
    package enum Speculation: String, Sendable {
        /// From the prompt, the answer so far and earlier answers.
        case lookup
        case off
    }

    /// How tokens are chosen.
    package struct Sampling: Hashable, Sendable {
        package var temperature: Double
        package var topK: Int
        package var topP: Double
        package var minP: Double
        package var typicalP: Double
        package var repetitionPenalty: Double
        package var frequencyPenalty: Double
        package var presencePenalty: Double
        package var penaltyWindow: Int
        package var dryMultiplier: Double
        package var dryBase: Double
        package var dryAllowedLength: Int
        package var dryWindow: Int
        /// Nil: a new one each time.
        package var seed: UInt64?
    }

    /// What language servers may take that check answers about code.
    package struct Precise: Hashable, Sendable {
        /// The user's own, as `SettingKey.preciseServers` says; empty for none.
        package var servers: String
        package var timeout: Duration
        package var memoryBytes: Int
    }
}
