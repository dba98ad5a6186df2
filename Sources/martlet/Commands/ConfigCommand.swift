import ArgumentParser
import Settings

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings in force, and where each came from.",
        discussion: """
            Flags go before the variables MARTLET_..., these before martlet.json in the project (this folder or one \
            above it), this before the user's config.json, and that before the defaults. See Docs/Configuration.md.
            """,
        subcommands: [Show.self, PrintSchema.self],
        defaultSubcommand: Show.self)

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print each setting, its value and its origin.")
        @OptionGroup var engine: EngineOptions
        @OptionGroup var speculation: SpeculationOptions
        @OptionGroup var sampling: SamplingFlags
        @OptionGroup var report: ReportOptions

        func run() throws {
            var flags = SettingsLayer()
            try engine.add(to: &flags)
            try speculation.add(to: &flags)
            try sampling.add(to: &flags)
            let settings = try ResolvedSettings(flags: flags)
            if report.json {
                try TextOutput.results.print(json: SettingsReport(settings))
                return
            }
            var table = Table()
            for key in SettingKey.allCases {
                let entry = settings[key]
                table.add(
                    key.rawValue, entry.map { "\($0.value)" } ?? "(\(key.automaticValue))",
                    "\(entry?.origin ?? .builtIn)")
            }
            try TextOutput.results.write(table.text)
        }
    }

    struct PrintSchema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON schema of martlet.json.")

        func run() throws {
            try TextOutput.results.write(Array(try SettingKey.jsonSchema()))
        }
    }
}

/// `config show --json`: key -> value (null where it depends on the machine or the model), origin, source.
private struct SettingsReport: Encodable {
    struct Entry: Encodable {
        var value: SettingValue?
        var origin: SettingOrigin

        enum CodingKeys: String, CodingKey { case value, origin, source }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            switch value {
            case .text(let text)?: try container.encode(text, forKey: .value)
            case .integer(let integer)?: try container.encode(integer, forKey: .value)
            case .number(let number)?: try container.encode(number, forKey: .value)
            case nil: try container.encodeNil(forKey: .value)
            }
            let (name, source): (String, String?) =
                switch origin {
                case .flag: ("flag", nil)
                case .environment(let variable): ("environment", variable)
                case .project(let file): ("project", file)
                case .user(let file): ("user", file)
                case .builtIn: ("default", nil)
                }
            try container.encode(name, forKey: .origin)
            try container.encode(source, forKey: .source)
        }
    }
    var settings: [String: Entry] = [:]

    init(_ resolved: ResolvedSettings) {
        for key in SettingKey.allCases {
            let entry = resolved[key]
            settings[key.rawValue] = Entry(value: entry?.value, origin: entry?.origin ?? .builtIn)
        }
    }
}
