import Foundation
import TestSupport
import Testing

@Suite("martlet grammar")
struct GrammarCommandTests {
    private struct List: Decodable {
        struct Entry: Decodable {
            let name: String
            let origin: String
            let intact: Bool
            let problem: String?
        }
        let installed: Bool
        let folder: String
        let grammars: [Entry]
    }

    private struct Doctor: Decodable {
        struct Finding: Decodable {
            let severity: String
            let message: String
            let remedy: String
        }
        let findings: [Finding]
    }

    @Test("list says what to do where there are none, and succeeds")
    func absent() async throws {
        let folder = try TemporaryFolder()
        let run = try await CommandRun.martlet("grammar", "list", "--grammars", folder.path)
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("martlet grammar pull"))
        let report = try await CommandRun.martlet(
            "grammar", "list", "--json", environment: ["MARTLET_GRAMMARS": folder.path]
        ).json(List.self)
        #expect(!report.installed && report.grammars.isEmpty && report.folder.hasPrefix(folder.path))
    }

    @Test("list and doctor tell of a library of the user's own that cannot be loaded")
    func own() async throws {
        let folder = try TemporaryFolder()
        #if canImport(Darwin)
            try folder.write("", to: "own/libtree_sitter_zig.dylib")
        #else
            try folder.write("", to: "own/libtree_sitter_zig.so")
        #endif
        let report = try await CommandRun.martlet("grammar", "list", "--json", "--grammars", folder.path)
            .json(List.self)
        #expect(report.grammars.map(\.name) == ["zig"])
        #expect(report.grammars.map(\.intact) == [false])
        let run = try await CommandRun.martlet("doctor", "--json", environment: ["MARTLET_GRAMMARS": folder.path])
        #expect(run.status == 1)
        let findings = try run.json(Doctor.self).findings
        #expect(findings.contains { $0.severity == "problem" && $0.message.contains("zig") && !$0.remedy.isEmpty })
    }

    @Test("doctor notes that there are none, which is no failure")
    func doctor() async throws {
        let folder = try TemporaryFolder()
        let run = try await CommandRun.martlet("doctor", "--json", environment: ["MARTLET_GRAMMARS": folder.path])
        let findings = try run.json(Doctor.self).findings.filter { $0.message.contains("grammar") }
        #expect(findings.map(\.severity) == ["note"])
        #expect(findings.map(\.remedy) == ["martlet grammar pull"])
    }

    @Test("pull refuses a file that is not the wheel, and one that is not there")
    func otherWheel() async throws {
        let folder = try TemporaryFolder()
        let wheel = try folder.write("no wheel", to: "a.whl")
        for path in [wheel, folder.path + "/none.whl"] {
            let run = try await CommandRun.martlet("grammar", "pull", "--from", path, "--grammars", folder.path + "/g")
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasPrefix("martlet: ") && run.errors.contains(path))
        }
    }

    @Test("pull says nothing with --quiet where all are here, and the list has them all intact")
    func present() async throws {
        // Nothing is to be fetched by this.
        var environment = ["PIP_INDEX_URL": "http://127.0.0.1:9/"]
        for name in ["MARTLET_GRAMMARS", "XDG_DATA_HOME"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        let run = try await CommandRun.martlet("grammar", "pull", "--quiet", environment: environment)
        #expect(run.status == 0)
        #expect(run.output.isEmpty && run.errors.isEmpty)
        let report = try await CommandRun.martlet("grammar", "list", "--json", environment: environment)
            .json(List.self)
        #expect(report.installed)
        #expect(report.grammars.count > 70)
        #expect(report.grammars.allSatisfy { $0.intact })
    }
}
