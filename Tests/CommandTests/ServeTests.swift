import Foundation
import TestSupport
import Testing

@Suite("martlet serve")
struct ServeTests {
    @Test(
        "serves the clients of others: answers, streams, errors, clients that leave, its end",
        arguments: [
            (
                "openai_client.py",
                [
                    "chat", "stream", "stop", "logprobs and seeds", "tools", "formats", "completions", "suffix",
                    "errors",
                    "disconnect", "several at once", "end", "keys", "log of objects",
                ]
            ),
            ("anthropic_client.py", ["messages", "stream", "tools", "errors", "end"]),
            ("llama_server_client.py", ["completion", "tokens", "reports", "errors", "slots", "end"]),
            ("ollama_client.py", ["chat", "generate", "models", "errors", "end"]),
            ("responses_client.py", ["responses", "stream", "state", "tools", "errors", "end"]),
        ])
    func client(script: String, checks: [String]) async throws {
        let run = try await client(script)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n").map(String.init) == checks)
    }

    @Test("clients that leave anywhere, hundreds that say nothing, foreign bytes, slow readers, and kill -9")
    func storm() async throws {
        let run = try await client("storm_client.py", "200")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n").map(String.init) == [
                "disconnects", "idle connections", "bodies", "slow reader", "end", "kill -9",
            ])
    }

    @Test("models come and go within the memory that they have, and prefixes outlive them")
    func severalModels() async throws {
        let run = try await client("residency_client.py", TestModel.gemma, TestModel.qwen, TestModel.miniLM)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n").map(String.init) == [
                "on demand", "prefixes", "keep alive", "a crowd", "names", "a broken file", "refusals", "a whole store",
            ])
    }

    @Test("serves litellm by three interfaces: chats, tools, answers begun, several prompts, vectors, errors")
    func litellm() async throws {
        let run = try await client("litellm_client.py", with: .aider, TestModel.miniLM)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n").map(String.init) == [
                "openai", "anthropic", "ollama_chat", "tools", "answers begun", "several prompts and answers",
                "embeddings", "errors", "end",
            ])
    }

    @Test("serves the command llm by two interfaces")
    func llm() async throws {
        let run = try await client("llm_client.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n").map(String.init) == ["chat", "schema", "text", "ollama", "end"])
    }

    @Test("lets aider edit a file in a git repository, with a model that is good enough for it")
    func aider() async throws {
        let run = try await client("aider_client.py", model: TestModel.qwen, with: .aider)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n").map(String.init) == ["whole", "end"])
    }

    @Test("streams at once through nginx and Caddy, as configured in Docs, and hears of clients that leave them")
    func proxies() async throws {
        let run = try await client("proxy_client.py")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n").map(String.init) == ["nginx", "caddy", "end"])
    }

    @Test("takes 300 tools, and a schema of 1 MB")
    func large() async throws {
        let run = try await client("large_client.py", model: TestModel.qwen)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n").map(String.init) == ["300 tools", "1 MB schema", "end"])
    }

    @Test("answers every request that wrk keeps coming")
    func load() async throws {
        let run = try await client("load_client.py", "2")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n").map(String.init) == ["models", "answers", "streams", "end"])
    }

    @Test("whatever the OpenAPI document lets clients send, nothing makes the server fail")
    func openAPI() async throws {
        let run = try await client("openapi_client.py", "5")
        #expect(run.status == 0, "\(run.text.suffix(4000))")
        #expect(run.text.contains("generated, "), "\(run.text.suffix(4000))")
    }

    @Test("adapters come, are chosen, and go while others are answered")
    func adapters() async throws {
        let folder = try TemporaryFolder()
        for (name, seed) in [("a", 1), ("b", 2)] as [(String, UInt64)] {
            // So strong that little else counts: no token is in doubt.
            try RandomAdapter(
                architecture: "llama", targets: [("blk.29.ffn_down.weight", [1536, 576])], rank: 1, strength: 30,
                seed: seed
            )
            .write(to: folder.path + "/\(name).gguf")
        }
        let run = try await client("adapter_client.py", folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n").map(String.init) == [
                "names at the start", "scales in force", "refusals", "load and unload under load",
                "unloading what is in use", "in force from the start",
            ])
    }

    #if os(Linux)
        @Test("evaluates a model the same way directly and by two interfaces, and makes something of the results")
        func evaluation() async throws {
            let run = try await client("evaluation_client.py")
            #expect(run.status == 0, "\(run.errors)")
            #expect(
                run.text.split(separator: "\n").map(String.init) == [
                    "local", "openai", "anthropic", "a wrong key", "recorded",
                    "compare, report, scale, cost, contamination", "end",
                ])
        }
    #endif

    @Test("answers to random schemas are valid, made eight at a time")
    func schemas() async throws {
        let run = try await client("schema_client.py", "40")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("of 40") && !run.text.hasPrefix("0 valid"), "\(run.text)")
    }

    /// Where the Python of some clients is, and their commands.
    private enum ClientFolder: String {
        case references = ".venv"
        /// aider, and litellm as aider has it.
        case aider = ".deps/aider"

        func path(_ environment: [String: String]) -> String {
            let variable = self == .references ? "MARTLET_TEST_PYTHON" : "MARTLET_TEST_AIDER"
            let python = environment[variable].map { ($0 as NSString).deletingLastPathComponent }
            return python ?? "\(Repository.root)/\(rawValue)/bin"
        }
    }

    /// Runs a script of `Clients` with a server of its own.
    private func client(
        _ script: String, model: String = TestModel.smollm2, with clients: ClientFolder = .references,
        _ arguments: String...
    ) async throws -> CommandRun {
        let environment = ProcessInfo.processInfo.environment
        let python = clients.path(environment) + "/python3"
        var variables: [String: String] = [:]
        variables["MARTLET_MODELS"] = environment["MARTLET_MODELS"]
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        let caches = try TemporaryFolder()
        variables["XDG_CACHE_HOME"] = caches.path
        return try await CommandRun.run(
            python,
            [Repository.root + "/Tests/CommandTests/Clients/" + script, Repository.martlet, model] + arguments,
            environment: variables)
    }

    @Test("gives OpenAI's own client vectors: of an embedding model alone, beside a chat model, and of the chat model")
    func embeddings() async throws {
        let run = try await client("embedding_client.py", model: TestModel.miniLM, TestModel.smollm2)
        #expect(run.status == 0, "\(run.errors)")
        let vectors = ["both encodings", "tokens and dimensions"]
        #expect(
            run.text.split(separator: "\n").map(String.init) == vectors + ["errors"] + vectors + ["a chat model's own"])
    }

    @Test("prints a systemd unit that runs the same command as a user of its own")
    func service() async throws {
        let folder = try TemporaryFolder()
        let keys = try folder.write("secret\n", to: "my keys")
        let run = try await CommandRun.run(
            Repository.martlet,
            [
                "serve", TestModel.smollm2, "--service", "--port=8081", "--api-key-file", keys, "--drain-seconds", "20",
                "--context", "2048",
            ])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        let lines = run.text.split(separator: "\n").map(String.init)
        let start = try #require(lines.first { $0.hasPrefix("ExecStart=") })
        #expect(start.hasPrefix("ExecStart=/") && !start.contains("--service") && !start.contains("my keys"))
        #expect(start.hasSuffix("--port=8081 --drain-seconds 20 --context 2048 --api-key-file %d/keys"))
        #expect(start.contains(" serve /") && start.contains(" --alias "))
        #expect(lines.contains("LoadCredential=keys:\(keys)"))
        #expect(lines.contains("TimeoutStopSec=30") && lines.contains("DynamicUser=yes"))
        #expect(lines.contains("IPAddressAllow=localhost"))
        // Where systemd is, it has to find nothing wrong.
        let unit = try folder.write(run.text, to: "martlet-test.service")
        let checker = "/usr/bin/systemd-analyze"
        if FileManager.default.isExecutableFile(atPath: checker) {
            let check = try await CommandRun.run(checker, ["verify", "--man=no", unit])
            #expect(!check.errors.contains("martlet-test.service"), "\(check.errors)")
        }
    }

    @Test("the unit of several models names them as they are called, and may read the store")
    func serviceOfSeveral() async throws {
        func start(_ arguments: String...) async throws -> (command: String, lines: [Substring]) {
            let run = try await CommandRun.run(Repository.martlet, ["serve"] + arguments + ["--service"])
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            let lines = run.text.split(separator: "\n")
            return (String(try #require(lines.first { $0.hasPrefix("ExecStart=") })), lines)
        }
        let several = try await start(
            TestModel.smollm2, TestModel.gemma, "--alias", "x=\(TestModel.gemma)", "--memory", "2G")
        let names = " serve \(TestModel.smollm2) \(TestModel.gemma) --alias x=\(TestModel.gemma) --memory 2G"
        #expect(several.command.hasSuffix(names))
        #expect(several.lines.contains { $0.hasPrefix("Environment=MARTLET_MODELS=") })
        let all = try await start("--all", "--keep-alive=-1")
        #expect(all.command.hasSuffix(" serve --all --keep-alive=-1"))
        #expect(all.lines.contains { $0.hasPrefix("Environment=MARTLET_MODELS=") })
        // A path stays one, and is absolute.
        let file = try TestModel.path(of: TestModel.smollm2)
        let mixed = try await start(file, TestModel.gemma, "--alias", "a")
        #expect(mixed.command.hasSuffix(" serve \(file) \(TestModel.gemma) --alias a"))
        // What it writes lies where systemd lets it write.
        let writing = try await start(file, "--slot-save-path", "slots", "--cache-folder=here", "--parallel", "2")
        #expect(writing.command.contains(" --slot-save-path %S/martlet/slots --parallel 2"))
        #expect(!writing.command.contains("here"))
        // One alone is known by its file, also to its further names.
        let alone = try await start(TestModel.smollm2, "--alias", "x=\(TestModel.smollm2)")
        #expect(alone.command.hasSuffix(" serve \(file) --alias \(TestModel.smollm2) --alias x=\(file)"))
        #expect(!alone.lines.contains { $0.hasPrefix("Environment=MARTLET_MODELS=") })
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
