#if os(Linux)
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    /// Programs that try to get out; each is in Escapes/ and says ESCAPED when it did.
    @Suite("The sandbox holds what tries to get out")
    struct EscapeTests {
        private static let folder = Repository.root + "/Tests/WorkspacesTests/Escapes/"
        private static let python = "/usr/bin/python3"

        /// What there is outside, for programs to try for.
        private struct Host {
            let folder: TemporaryFolder
            let nonce = UUID().uuidString
            let listener = Listener()
            let process: Process

            init() throws {
                folder = try TemporaryFolder()
                process = Process()
                process.executableURL = URL(fileURLWithPath: "/bin/sleep")
                process.arguments = ["600"]
                (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
                try process.run()
                try Data("martlet-\(nonce)".utf8).write(to: URL(fileURLWithPath: secret))
            }

            /// The runner blocks gentler signals, and its children inherit that.
            func end() { kill(process.processIdentifier, SIGKILL) }

            var secret: String { folder.path + "/secret-tests" }
            var file: String { folder.path + "/written" }

            var environment: [String: String] {
                [
                    "HOST_PID": "\(process.processIdentifier)", "HOST_SECRET": secret, "HOST_FILE": file,
                    "HOST_PORT": "\(listener.port)", "NONCE_PART": nonce,
                    "GRADER_PID": "\(ProcessInfo.processInfo.processIdentifier)",
                ]
            }
        }

        private func run(_ name: String, _ host: Host, _ limits: SandboxLimits) async throws -> SandboxOutcome {
            var files: [String: [UInt8]] = [:]
            for file in [name, "attempt"] {
                files[file + ".py"] = Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + file + ".py")))
            }
            var environment = host.environment
            environment["FILE_LIMIT"] = "\(limits.fileBytes)"
            let program = SandboxedProgram([Self.python, name + ".py"], files: files, environment: environment)
            return try await Sandbox().run(program, limits)
        }

        private var limits: SandboxLimits {
            var limits = SandboxLimits.patient
            limits.memoryBytes = 512 << 20
            limits.fileBytes = 32 << 20
            return limits
        }

        private func attempts(_ outcome: SandboxOutcome) -> Int {
            let text = String(decoding: outcome.output, as: UTF8.self)
            return text.split(separator: "\n").last { $0.hasPrefix("attempts: ") }.flatMap { Int($0.dropFirst(10)) }
                ?? 0
        }

        @Test(
            "and none of what they try succeeds",
            arguments: [
                "network", "fork_bomb", "disk_fill", "proc", "ptrace", "writes_outside", "links", "reads_tests",
                "setuid",
                "kernel",
            ])
        func attempts(_ name: String) async throws {
            let host = try Host()
            defer { host.end() }
            let outcome = try await run(name, host, limits)
            let text = String(decoding: outcome.output + outcome.errors, as: UTF8.self)
            #expect(!text.contains("ESCAPED"), "\(text)")
            #expect(outcome.hasSucceeded && attempts(outcome) > 0, "\(outcome.ending) \(text)")
            #expect(host.process.isRunning && !FileManager.default.fileExists(atPath: host.file))
            #expect(try String(contentsOfFile: host.secret, encoding: .utf8) == "martlet-\(host.nonce)")
        }

        @Test("whoever kills all that it can see harms itself alone")
        func killsGrader() async throws {
            let host = try Host()
            defer { host.end() }
            let outcome = try await run("kill_grader", host, limits)
            let text = String(decoding: outcome.output + outcome.errors, as: UTF8.self)
            #expect(!text.contains("ESCAPED") && attempts(outcome) > 0, "\(text)")
            #expect(host.process.isRunning)
        }

        @Test("what goes on for ever, in whatever way, ends at a limit")
        func bombs() async throws {
            let host = try Host()
            defer { host.end() }
            for (name, wall, cpu, endings) in [
                ("fork_bomb_for_ever", 3.0, 300, [SandboxOutcome.Limit.wall]), ("memory_bomb", 900, 300, [.memory]),
                ("memory_bomb_of_many", 900, 300, [.memory]), ("output_flood", 900, 300, [.output]),
                ("silent_for_ever", 3, 300, [.wall]), ("outlives", 3, 300, [.wall]),
                ("cpu_for_ever", 900, 1, [.cpu]),
            ] {
                var limits = limits
                (limits.wallSeconds, limits.cpuSeconds) = (wall, cpu)
                let outcome = try await run(name, host, limits)
                #expect(endings.map { .ranOutOf($0) }.contains(outcome.ending), "\(name): \(outcome.ending)")
                #expect(!String(decoding: outcome.output, as: UTF8.self).contains("ESCAPED"), "\(name)")
                #expect(outcome.output.count <= limits.outputBytes)
            }
        }

        @Test("nothing that a program started outlives it")
        func signals() async throws {
            let host = try Host()
            defer { host.end() }
            // It leaves a child that sleeps for longer than the limit: the outcome would be another one.
            let outcome = try await run("signals", host, limits)
            #expect(outcome.hasSucceeded, "\(outcome)")
        }
    }

    /// Listens on the loopback of this machine.
    private final class Listener: Sendable {
        private let socket: Int32
        let port: UInt16

        init() {
            socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let own = socket
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    precondition(bind(own, pointer, length) == 0 && listen(own, 8) == 0)
                    precondition(getsockname(own, pointer, &length) == 0)
                }
            }
            port = UInt16(bigEndian: address.sin_port)
        }

        deinit { close(socket) }
    }
#endif
