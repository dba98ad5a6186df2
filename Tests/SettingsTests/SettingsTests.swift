import Foundation
import Settings
import TestSupport
import Testing

@Suite("Settings")
struct SettingsTests {
    private func layer(_ json: String) throws -> SettingsLayer {
        try SettingsLayer(json: Data(json.utf8), file: "martlet.json", origin: .project(file: "martlet.json"))
    }

    @Test("have one environment variable each, in the usual spelling")
    func environmentNames() {
        #expect(SettingKey.topK.environmentName == "MARTLET_TOP_K")
        #expect(SettingKey.models.environmentName == "MARTLET_MODELS")
        #expect(Set(SettingKey.allCases.map(\.environmentName)).count == SettingKey.allCases.count)
    }

    @Test("have defaults that their own kind admits", arguments: SettingKey.allCases)
    func defaults(key: SettingKey) {
        if let value = key.defaultValue {
            #expect(key.kind.admits(value) == value)
        } else {
            #expect(!key.automaticValue.isEmpty)
        }
    }

    @Test("become a typed plan; whole numbers pass as numbers, paths may start with a tilde")
    func plan() throws {
        let layer = try layer(#"{"$schema": "x", "temperature": 1, "models": "~/models", "kv": "q8_0"}"#)
        let folders = StandardFolders(environment: ["HOME": "/home/ada"])
        let plan = ResolvedSettings(layers: [layer], folders: folders).plan
        #expect(plan.sampling.temperature == 1)
        #expect(plan.modelsFolder == "/home/ada/models")
        #expect(plan.kv == .q8_0)
        #expect(plan.threads == nil)
        #expect(plan.model == "qwen2.5-coder:1.5b")
    }

    @Test(
        "refuse what they do not understand",
        arguments: [
            #"{"topK": -1}"#, #"{"topP": 1.5}"#, #"{"model": 3}"#, #"{"model": null}"#, #"{"threads": true}"#,
            #"{"threads": {"count": 2}}"#, #"{"threads": "2"}"#, #"{"thread": 2}"#, "", "[", "nul", #"{"a":1"#,
            #"{"threads": 99999999999999999999}"#, #"{"models": ""}"#,
        ])
    func refusals(json: String) {
        #expect(throws: SettingsError.self) { try layer(json) }
    }

    @Test("ignore relative XDG folders, as the specification says")
    func folders() {
        let folders = StandardFolders(environment: ["HOME": "/h", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "/c"])
        #expect(folders.data == "/h/.local/share/martlet")
        #expect(folders.userSettings == "/c/martlet/config.json")
    }

    @Test("are searched upwards, not beyond the repository")
    func projectFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("{}", to: "martlet.json")
        try folder.write("", to: "repository/.git/HEAD")
        try folder.write("", to: "repository/Sources/main.swift")
        let folders = StandardFolders(environment: ["HOME": "/nowhere"])
        #expect(folders.projectSettings(from: folder.path + "/repository/Sources") == nil)
        #expect(folders.projectSettings(from: folder.path) == folder.path + "/martlet.json")
        try folder.write("{}", to: "repository/martlet.json")
        #expect(
            folders.projectSettings(from: folder.path + "/repository/Sources")
                == folder.path + "/repository/martlet.json")
    }

    @Test("a project names no programs to start and no libraries to load", arguments: SettingKey.allCases)
    func codeOfProjects(_ key: SettingKey) {
        guard key.isForUsersOnly else { return }
        let json = Data(#"{"\#(key.rawValue)": "x"}"#.utf8)
        #expect(throws: SettingsError.notForProjects(key, file: "martlet.json")) {
            try SettingsLayer(json: json, file: "martlet.json", origin: .project(file: "martlet.json"))
        }
        #expect(throws: Never.self) {
            try SettingsLayer(json: json, file: "config.json", origin: .user(file: "config.json"))
        }
    }

    @Test("have a schema that is current: martlet config schema > Docs/config.schema.json")
    func schema() throws {
        let kept = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/Docs/config.schema.json"))
        #expect(try SettingKey.jsonSchema() == kept)
    }

    @Test("are all documented", arguments: SettingKey.allCases)
    func documented(key: SettingKey) throws {
        let text = try String(contentsOfFile: Repository.root + "/Docs/Configuration.md", encoding: .utf8)
        #expect(text.contains("`\(key.rawValue)`"))
        #expect(text.contains("`\(key.environmentName)`"))
    }
}

@Suite("Nearest name")
struct NearestNameTests {
    @Test("suggests what was likely meant, and nothing when nothing is near")
    func suggestions() {
        #expect(nearestName(to: "cofnig", among: ["config", "model"]) == "config")
        #expect(nearestName(to: "MODEL", among: ["config", "model"]) == "model")
        #expect(nearestName(to: "train", among: ["config", "model"]) == nil)
        #expect(nearestName(to: "", among: ["config"]) == nil)
    }
}
