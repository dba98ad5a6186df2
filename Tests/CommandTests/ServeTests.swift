import Foundation
import TestSupport
import Testing

@Suite("martlet serve")
struct ServeTests {
    @Test("serves OpenAI's own client: chat, streams, completions, errors, clients that leave, its end")
    func client() async throws {
        let environment = ProcessInfo.processInfo.environment
        let python = environment["MARTLET_TEST_PYTHON"] ?? Repository.root + "/.venv/bin/python3"
        var variables: [String: String] = [:]
        variables["MARTLET_MODELS"] = environment["MARTLET_MODELS"]
        let caches = try TemporaryFolder()
        variables["XDG_CACHE_HOME"] = caches.path
        let run = try await CommandRun.run(
            python,
            [Repository.root + "/Tests/CommandTests/openai_client.py", Repository.martlet, TestModel.smollm2],
            environment: variables)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n") == [
                "chat", "stream", "stop", "logprobs and seeds", "completions", "suffix", "errors", "disconnect",
                "several at once", "end", "keys",
            ])
    }

    @Test("refuses what cannot be with one sentence and status 2")
    func misuse() async throws {
        let folder = try TemporaryFolder()
        let empty = try folder.write("# none\n\n", to: "empty")
        let wrong = try folder.write("key\nsha256:12\n", to: "wrong")
        for (arguments, expected) in [
            (["--host", "0.0.0.0"], "--api-key-file"), (["--port", "70000"], "--port"),
            (["--api-key-file", empty], "has no keys"), (["--api-key-file", wrong], "line 2"),
            (["--api-key-file", "/nowhere"], "/nowhere cannot be read"),
        ] {
            let run = try await CommandRun.run(Repository.martlet, ["serve", TestModel.smollm2] + arguments)
            #expect(run.status == 2)
            #expect(run.errors.contains(expected), "\(run.errors)")
            #expect(run.output.isEmpty)
        }
    }
}
