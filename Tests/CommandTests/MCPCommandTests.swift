import Foundation
import TestSupport
import Testing

@Suite("martlet mcp")
struct MCPCommandTests {
    @Test(
        "serves the protocol's own client in both eras, by pipe and by HTTP: tools, errors, edits, crowds, language servers"
    )
    func client() async throws {
        let environment = ProcessInfo.processInfo.environment
        let folder = try TemporaryFolder()
        let caches = try TemporaryFolder()
        let run = try await CommandRun.run(
            environment["MARTLET_TEST_PYTHON"] ?? "\(Repository.root)/.venv/bin/python3",
            [
                Repository.root + "/Tests/CommandTests/Clients/mcp_client.py", Repository.martlet, folder.path,
                try TestModel.path(of: TestModel.smollm2),
            ],
            environment: ["XDG_CACHE_HOME": caches.path, "PYTHONDONTWRITEBYTECODE": "1"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n").map(String.init) == [
                "stdio legacy", "stdio 2026-07-28", "stdio auto", "plain pipe", "counter", "precise",
                "precise servers", "http legacy", "http 2026-07-28",
                "http auto", "http rules", "keys",
            ])
    }

    @Test("a folder that is no repository is not indexed unasked")
    func home() async throws {
        let run = try await CommandRun.run(Repository.martlet, ["mcp"], folder: "/")
        #expect(run.status == 2 && run.errors.contains("--repo"), "\(run.errors)")
    }
}
