#if os(Linux)
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    @Suite("A program in a sandbox")
    struct SandboxTests {
        private func run(_ script: String) async throws -> SandboxOutcome {
            let program = SandboxedProgram(["/bin/sh", "-c", script])
            return try await Sandbox().run(program, .patient)
        }

        @Test("reads its input and its files, and writes what is kept")
        func io() async throws {
            let large = [UInt8](repeating: 7, count: 3 << 20)
            let program = SandboxedProgram(
                ["/bin/sh", "-c", "cat; wc -c <large/bytes; echo $X; pwd; echo e >&2; echo >new; exit 3"],
                files: ["large/bytes": large], input: Array("in\n".utf8), environment: ["X": "a b"])
            let outcome = try await Sandbox().run(program, .patient)
            #expect(String(decoding: outcome.output, as: UTF8.self) == "in\n\(large.count)\na b\n/sandbox\n")
            #expect(String(decoding: outcome.errors, as: UTF8.self) == "e\n")
            #expect(outcome.ending == .exited(3))
        }

        @Test("begins with an empty folder every time")
        func fresh() async throws {
            #expect(try await run("echo x >/sandbox/left; echo x >/tmp/left; ls /sandbox /tmp | wc -l").hasSucceeded)
            let second = try await run("ls -A /sandbox /tmp")
            #expect(String(decoding: second.output, as: UTF8.self) == "/sandbox:\n\n/tmp:\n")
        }

        @Test("says how it ended")
        func endings() async throws {
            #expect(try await run("kill -11 $$").ending == .signalled(11))
            #expect(try await run("exit 0").ending == .exited(0))
            #expect(try await run("exec /nowhere").ending == .exited(127))
            #expect(try await run("exit 255").ending == .exited(255))
        }

        @Test("ends with the task that waits for it")
        func cancellation() async throws {
            let sandbox = try await Sandbox()
            let task = Task { try await sandbox.run(SandboxedProgram(["/bin/sleep", "600"]), .patient) }
            task.cancel()
            await #expect(throws: SandboxError.cancelled) { try await task.value }
        }

        @Test("does not write to what it reads")
        func readOnlyInput() async throws {
            let program = SandboxedProgram(["/bin/sh", "-c", "echo x >&0 || echo refused"], input: [65])
            let outcome = try await Sandbox().run(program, .patient)
            #expect(String(decoding: outcome.output, as: UTF8.self) == "refused\n")
        }

        @Test("gets no more files than it has room for")
        func manyFiles() async throws {
            func program(_ count: Int) -> SandboxedProgram {
                let files = Dictionary(uniqueKeysWithValues: (0..<count).map { ("f\($0)", Array("\($0)".utf8)) })
                return SandboxedProgram(["/bin/sh", "-c", "cat f0 f\(count - 1)"], files: files)
            }
            let outcome = try await Sandbox().run(program(190), .patient)
            #expect(String(decoding: outcome.output, as: UTF8.self) == "0189")
            await #expect(throws: SandboxError.tooManyFiles(count: 193, most: 192)) {
                try await Sandbox().run(program(193), .patient)
            }
        }

        @Test("has many beside it that know nothing of each other")
        func many() async throws {
            let sandbox = try await Sandbox()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        let script =
                            "echo \(number) >/sandbox/n; sleep 0.1; cat /sandbox/n; ls /proc | grep -c '^[0-9]'"
                        let outcome = try await sandbox.run(SandboxedProgram(["/bin/sh", "-c", script]), .patient)
                        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
                        return lines.first == "\(number)" && (Int(lines.last ?? "") ?? 99) <= 5
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }

        @Test("gets no file outside its folder", arguments: ["/etc/x", "../x", "a/../../x", "", "a//b", "./a", "a\0b"])
        func paths(_ path: String) async throws {
            let program = SandboxedProgram(["/bin/true"], files: [path: []])
            await #expect(throws: SandboxError.badFile(path: path)) { try await Sandbox().run(program) }
        }
    }
#endif
