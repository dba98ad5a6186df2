import Foundation
import TestSupport
import Testing

@Suite("martlet model")
struct ModelCommandTests {
    /// A server with one small model, and the environment that makes the command use it and a store of its own.
    private func setUp(fault: String = "none", size: Int = 1_000_000) throws -> (FaultServer, [String: String]) {
        let server = try FaultServer()
        try server.put(Self.model(size: size), at: "m.gguf")
        let environment = [
            "HF_ENDPOINT": server.url("hub/\(fault)"), "PIP_INDEX_URL": server.url("simple"),
            "HOME": server.folder.path, "MARTLET_MODELS": server.folder.path + "/models",
        ]
        return (server, environment)
    }

    /// A GGUF file with a name, a licence and one tensor of about `size` bytes, written by hand.
    private static func model(size: Int) -> [UInt8] {
        var bytes = Array("GGUF".utf8)
        func append(_ value: some FixedWidthInteger) {
            Swift.withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func append(_ text: String) {
            append(UInt64(text.utf8.count))
            bytes.append(contentsOf: text.utf8)
        }
        append(UInt32(3))
        append(UInt64(1))
        append(UInt64(2))
        for (key, value) in [("general.architecture", "llama"), ("general.license", "mit")] {
            append(key)
            append(UInt32(8))
            append(value)
        }
        append("w")
        append(UInt32(1))
        append(UInt64(size / 4))
        append(UInt32(0))
        append(UInt64(0))
        while bytes.count % 32 != 0 { bytes.append(0) }
        return bytes + (0..<size / 4 * 4).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    }

    @Test("pulls, lists, shows, verifies and removes")
    func lifeCycle() async throws {
        let (server, environment) = try setUp()
        let path = server.folder.path + "/models/mine/m.gguf"
        func martlet(_ arguments: String...) async throws -> CommandRun {
            try await CommandRun.run(Repository.martlet, ["model"] + arguments, environment: environment)
        }
        let pull = try await martlet("pull", "hf:o/r/m.gguf", "--as", "mine")
        #expect(pull.status == 0)
        #expect(pull.text == path + "\n")
        #expect(pull.errors.contains("Pulling from hf:o/r/m.gguf (1.00 MB)"))
        #expect(!pull.errors.contains("\r"))

        let again = try await martlet("pull", "hf:o/r/m.gguf", "--as", "mine", "--quiet")
        #expect(again.status == 0)
        #expect(again.text.isEmpty && again.errors.isEmpty)

        struct List: Decodable { let models: [Entry] }
        struct Entry: Decodable {
            let name: String
            let path: String
            let bytes: Int
            let verified: Bool
        }
        let list = try await martlet("list", "--json").json(List.self)
        #expect(list.models.map(\.name) == ["mine"])
        #expect(list.models[0].path == path)
        #expect(list.models[0].verified)

        let show = try await martlet("show", "mine")
        #expect(show.status == 0)
        #expect(show.text.contains("MIT (open source)"))
        #expect(show.text.contains("F32, 32.00 bits per weight"))

        #expect(try await martlet("verify").text == "mine  intact\n")
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0]))
        try handle.close()
        let damaged = try await martlet("verify", "mine")
        #expect(damaged.status == 1)
        #expect(damaged.text.contains("DAMAGED"))
        #expect(damaged.text.contains("martlet model pull hf:o/r/m.gguf --as mine --force"))

        #expect(try await martlet("remove", "mine").text.hasPrefix("removed mine (1.00 MB)"))
        #expect(try await martlet("remove", "mine").status == 1)
        #expect(try await martlet("verify", "mine").status == 2)
        #expect(try await martlet("list").errors.contains("martlet model pull"))
    }

    @Test("shows what could be pulled, with the memory it would need")
    func showAvailable() async throws {
        let (server, environment) = try setUp()
        defer { withExtendedLifetime(server) {} }
        let run = try await CommandRun.martlet(
            "model", "show", "qwen2.5-coder", "--context", "1000", "--json", environment: environment)
        struct Report: Decodable {
            struct Memory: Decodable {
                let context: Int
                let cache_type: String
                let cache_bytes: Int
            }
            let name: String
            let origin: String
            let memory: [Memory]
        }
        let report = try run.json(Report.self)
        #expect(report.name == "qwen2.5-coder:1.5b")
        #expect(report.origin == "catalogue")
        #expect(report.memory.map(\.cache_type) == ["f16", "q8_0"])
        #expect(report.memory.map(\.cache_bytes) == [28_672_000, 15_232_000])
        let list = try await CommandRun.martlet("model", "list", "--available", environment: environment)
        #expect(list.text.contains("deepseek-coder-v2:lite"))
    }

    @Test(
        "refuses what cannot be with one sentence and status 2",
        arguments: [
            (["pull", "qwen2.5-codr:7b"], "Did you mean qwen2.5-coder:7b"),
            (["pull", "hf:o/r"], "not of the form hf:owner/repository/file.gguf"),
            (["pull", "hf:o/r/none.gguf"], "answered 404"),
            (["pull", "./none.gguf"], "no model at ./none.gguf"),
            (["show", "none:1"], "martlet model list --available"),
            (["show", "--context", "0", "qwen2.5-coder"], "--context"),
        ])
    func misuse(arguments: [String], expected: String) async throws {
        let (server, environment) = try setUp()
        defer { withExtendedLifetime(server) {} }
        let run = try await CommandRun.run(Repository.martlet, ["model"] + arguments, environment: environment)
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("martlet: "))
        #expect(run.errors.contains(expected))
        #expect(run.output.isEmpty)
    }

    @Test("two processes that pull the same model fetch it once")
    func race() async throws {
        let (server, environment) = try setUp(fault: "slow")
        async let first = CommandRun.martlet("model", "pull", "hf:o/r/m.gguf", environment: environment)
        async let second = CommandRun.martlet("model", "pull", "hf:o/r/m.gguf", environment: environment)
        let runs = try await [first, second]
        #expect(runs.map(\.status) == [0, 0])
        #expect(runs[0].text == runs[1].text)
        #expect(runs.count { $0.errors.contains("Another process is pulling hf:o/r/m.gguf") } == 1)
        #expect(server.requests.count { $0.hasPrefix("GET /slow/") } == 1)
    }

    /// Pulls until some of the file is there, then ends the command by a signal.
    private func interrupted(
        by signal: String, _ server: FaultServer, _ environment: [String: String]
    ) async throws -> CommandRun {
        // Through Python: it gives the child the signals that this test process has blocked.
        let script = """
            import os, signal, subprocess, sys, time
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            process = subprocess.Popen([sys.argv[1], "model", "pull", "hf:o/r/m.gguf"])
            def arrived():
                return sum(os.path.getsize(os.path.join(folder, name))
                           for folder, _, names in os.walk(sys.argv[2]) for name in names)
            while process.poll() is None and arrived() < 500_000:
                time.sleep(0.01)
            process.send_signal(getattr(signal, sys.argv[3]))
            sys.exit(abs(process.wait()))
            """
        let models = server.folder.path + "/models"
        let stopped = try await CommandRun.run(
            "/usr/bin/env", ["python3", "-c", script, Repository.martlet, models, signal], environment: environment)
        #expect(try FileManager.default.contentsOfDirectory(atPath: models) == [".partial"])
        return stopped
    }

    @Test("Ctrl-C leaves nothing half-named, and the same command continues")
    func interrupt() async throws {
        let (server, environment) = try setUp(fault: "slow", size: 4_000_000)
        let stopped = try await interrupted(by: "SIGINT", server, environment)
        #expect(stopped.status == 130)
        #expect(stopped.errors.contains("the same command continues"))

        let continued = try await CommandRun.martlet("model", "pull", "hf:o/r/m.gguf", environment: environment)
        #expect(continued.status == 0)
        #expect(continued.errors.contains("continuing at"))
        #expect(server.requests.contains { $0.hasPrefix("GET /slow/m.gguf bytes=") })
        let path = continued.text.trimmingCharacters(in: .newlines)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(Self.model(size: 4_000_000)))
    }

    @Test("a kill loses nothing either")
    func kill() async throws {
        let (server, environment) = try setUp(fault: "slow", size: 4_000_000)
        #expect(try await interrupted(by: "SIGKILL", server, environment).status == 9)
        let continued = try await CommandRun.martlet("model", "pull", "hf:o/r/m.gguf", environment: environment)
        #expect(continued.status == 0)
        #expect(continued.errors.contains("continuing at"))
    }

    @Test("draws a bar on a terminal, and none where TERM is dumb", arguments: ["xterm", "dumb"])
    func progressBar(terminal: String) async throws {
        var (server, environment) = try setUp(fault: "slow")
        defer { withExtendedLifetime(server) {} }
        environment["TERM"] = terminal
        let run = try await CommandRun.shell(
            "script -qec \"$martlet model pull hf:o/r/m.gguf\" /dev/null", environment: environment)
        #expect(run.status == 0)
        #expect(run.text.contains("[===") == (terminal == "xterm"))
        #expect(run.text.contains("\u{1B}[K") == (terminal == "xterm"))
        #expect(run.text.contains("models/"))
    }
}
