import Foundation
import TestSupport
import Testing

@Suite("martlet config")
struct ConfigTests {
    private struct Report: Decodable {
        struct Entry: Decodable {
            var origin: String
            var source: String?
        }
        var settings: [String: Entry]
    }

    @Test("shows where each value came from, flags before environment before project before user before defaults")
    func precedence() async throws {
        let home = try TemporaryFolder()
        let user = try home.write(
            #"{"threads": 1, "topK": 1, "topP": 0.1, "minP": 0.1}"#, to: "settings/martlet/config.json")
        let project = try home.write(#"{"threads": 2, "topK": 2, "topP": 0.2}"#, to: "project/martlet.json")
        try home.write("", to: "project/deep/down/file")
        let run = try await CommandRun.martlet(
            "config", "show", "--json", "--threads", "4",
            environment: ["HOME": home.path, "XDG_CONFIG_HOME": home.path + "/settings", "MARTLET_TOP_K": "3"],
            folder: home.path + "/project/deep/down")
        let settings = try run.json(Report.self).settings
        #expect(settings["threads"]?.origin == "flag")
        #expect(settings["topK"]?.origin == "environment")
        #expect(settings["topK"]?.source == "MARTLET_TOP_K")
        #expect(settings["topP"]?.origin == "project")
        #expect(settings["topP"]?.source.map(resolved) == resolved(project))
        #expect(settings["minP"]?.origin == "user")
        #expect(settings["minP"]?.source == user)
        #expect(settings["temperature"]?.origin == "default")
    }

    @Test("refuses a settings file that it does not understand, naming file and key")
    func badFile() async throws {
        let folder = try TemporaryFolder()
        for (text, expected) in [
            (#"{"thread": 2}"#, "Did you mean 'threads'?"), (#"{"threads": 2,"#, "not valid JSON"),
            (#"[1]"#, "does not hold a JSON object"), (#"{"kv": "q4"}"#, "f16 or q8_0"),
        ] {
            let file = try folder.write(text, to: "martlet.json")
            let run = try await CommandRun.martlet("config", environment: ["HOME": folder.path], folder: folder.path)
            #expect(run.status == 2)
            #expect(run.errors.contains("martlet.json"), "\(file)")
            #expect(run.errors.contains(expected), "\(run.errors)")
        }
    }

    private func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}
