#if os(Linux)
    import Foundation
    import TestSupport
    import Testing
    import Workspaces

    @Suite("Sandboxes that stay")
    struct SandboxPoolTests {
        private func pool(_ program: SandboxedProgram, seconds: Double? = nil) async throws -> SandboxPool {
            var limits = SandboxLimits.patient
            limits.wallSeconds = seconds ?? limits.wallSeconds
            return try await SandboxPool(Sandbox(), program, limits)
        }

        /// Kept after any answer, each time about something else.
        private func ask(_ pool: SandboxPool, _ request: [UInt8]) async throws -> [UInt8]? {
            try await pool.answer(request, about: UUID().uuidString) { _ in true }
        }

        private func python(_ body: String) -> SandboxedProgram {
            let script = """
                import ctypes, json, os, resource, struct, sys
                def serve(answer):
                    while size := sys.stdin.buffer.read(8):
                        request = sys.stdin.buffer.read(struct.unpack("<Q", size)[0])
                        reply = answer(request)
                        sys.stdout.buffer.write(struct.pack("<Q", len(reply)) + reply)
                        sys.stdout.buffer.flush()
                """
            return SandboxedProgram(
                ["/usr/bin/python3", "-I", "-S", "serve.py"], files: ["serve.py": Array((script + "\n" + body).utf8)])
        }

        @Test("answer one request after the other, and several at a time")
        func answers() async throws {
            let pool = try await pool(SandboxedProgram(["/bin/cat"]))
            let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
            for request in [[], [7], large, Array("x".utf8)] { #expect(try await ask(pool, request) == request) }
            try await withThrowingTaskGroup { group in
                for number in 0..<UInt8(12) { group.addTask { try await ask(pool, [number]) == [number] } }
                for try await isRight in group { #expect(isRight) }
            }
        }

        @Test("have one process that keeps what it knows")
        func stays() async throws {
            let pool = try await pool(
                python("count = [0]\ndef f(request):\n    count[0] += 1\n    return b'%d' % count[0]\nserve(f)"))
            for number in 1...5 { #expect(try await ask(pool, []) == Array("\(number)".utf8)) }
        }

        @Test("answer once about a subject, and are asked anew where an answer is not hoped for")
        func onlyOnce() async throws {
            let pool = try await pool(
                python("count = [0]\ndef f(request):\n    count[0] += 1\n    return b'%d' % count[0]\nserve(f)"))
            func count(_ subject: String, isHoped: Bool = true) async throws -> String {
                let answer = try await pool.answer([], about: subject) { _ in isHoped }
                return String(decoding: answer ?? [], as: UTF8.self)
            }
            #expect(try await [count("a"), count("b"), count("c")] == ["1", "2", "3"])
            #expect(try await [count("b"), count("a")] == ["1", "2"])
            #expect(try await [count("x", isHoped: false), count("y"), count("x")] == ["1", "2", "1"])
        }

        @Test("are replaced when their program ends, is late, or says what is no answer")
        func replaced() async throws {
            let once = try await pool(python("serve(lambda request: request if request != b'die' else os._exit(0))"))
            for _ in 0..<3 {
                #expect(try await ask(once, [1]) == [1])
                #expect(try await ask(once, Array("die".utf8)) == nil)
            }
            let late = try await pool(python("import time\nserve(lambda request: time.sleep(10000))"), seconds: 1)
            #expect(try await ask(late, [1]) == nil)
            let flood = try await pool(SandboxedProgram(["/usr/bin/yes"]))
            #expect(try await ask(flood, [1]) == nil)
            let absent = try await pool(SandboxedProgram(["/nowhere"]))
            #expect(try await ask(absent, [1]) == nil)
        }

        @Test("let go of a request when its task is cancelled")
        func cancelled() async throws {
            let pool = try await pool(SandboxedProgram(["/bin/sleep", "600"]))
            let task = Task { try await ask(pool, [1]) }
            task.cancel()
            #expect(try await task.value == nil)
        }

        @Test("refuse what changes another process, and memory that outlives one")
        func refusals() async throws {
            let attempts = """
                libc = ctypes.CDLL(None, use_errno=True)
                def refused(call):
                    try: return "refused" if call() == -1 else "DONE"
                    except OSError: return "refused"
                def attempts(request):
                    child = os.fork()
                    if child == 0:
                        os.read(os.pipe()[0], 1)
                    results = {}
                    results["shmget"] = refused(lambda: libc.shmget(0, 4096, 0o1600))
                    results["semget"] = refused(lambda: libc.semget(0, 1, 0o1600))
                    results["msgget"] = refused(lambda: libc.msgget(0, 0o1600))
                    results["mq_open"] = refused(lambda: libc.mq_open(b"/left", os.O_CREAT | os.O_RDWR, 0o600, None))
                    results["prlimit"] = refused(lambda: resource.prlimit(child, resource.RLIMIT_NOFILE, (3, 3)) and 0)
                    results["affinity"] = refused(lambda: os.sched_setaffinity(child, [0]) or 0)
                    results["scheduler"] = refused(
                        lambda: os.sched_setscheduler(child, os.SCHED_IDLE, os.sched_param(0)) or 0)
                    results["priority"] = refused(lambda: os.setpriority(os.PRIO_PROCESS, child, 19) or 0)
                    results["priorities"] = refused(lambda: os.setpriority(os.PRIO_USER, 0, 19) or 0)
                    os.kill(child, 9)
                    os.waitpid(child, 0)
                    return json.dumps(results).encode()
                serve(attempts)
                """
            let answer = try #require(try await ask(pool(python(attempts)), []))
            let results = try JSONDecoder().decode([String: String].self, from: Data(answer))
            #expect(results.count == 9)
            for (attempt, result) in results { #expect(result == "refused", "\(attempt)") }
        }
    }
#endif
