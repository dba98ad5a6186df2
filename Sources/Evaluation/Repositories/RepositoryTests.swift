internal import Foundation
package import Workspaces

/// Runs the tests of a repository's state in a sandbox: without its history, which may have the solution.
package struct RepositoryTests: Sendable {
    private let sandbox: Sandbox
    private let limits: SandboxLimits
    private let readable: [String]
    private let environment: [String: String]

    /// What tests of a whole repository may use.
    package static var limits: SandboxLimits {
        var limits = SandboxLimits()
        (limits.cpuSeconds, limits.wallSeconds) = (300, 600)
        (limits.memoryBytes, limits.fileBytes) = (4 << 30, 1 << 30)
        (limits.processes, limits.outputBytes) = (256, 8 << 20)
        return limits
    }

    /// - Parameters:
    ///   - readable: folders of this machine that the tests need besides `/usr`: toolchains, installed packages.
    ///   - environment: variables, such as a PATH to those folders.
    package init(
        _ sandbox: Sandbox, limits: SandboxLimits = limits, readable: [String] = [],
        environment: [String: String] = [:]
    ) {
        self.sandbox = sandbox
        self.limits = limits
        self.readable = readable
        self.environment = environment
    }

    /// - Parameter tests: paths of files that have to be the same when the tests have run.
    func run(
        _ command: [String], setup: String?, in state: RepositoryState, tests: [String]
    ) async throws(RepositoryError) -> TestRun {
        switch TestCommand(command) {
        case .any: try await runPlainly(command, setup, state)
        case .python(let interpreter, let runner, let arguments, let isModule):
            try await runPython(
                interpreter,
                Job(
                    token: UUID().uuidString, runner: runner, arguments: arguments, module: isModule,
                    setup: setup ?? "", tests: tests), state)
        }
    }

    private func run(_ program: SandboxedProgram) async throws(RepositoryError) -> SandboxOutcome {
        var program = program
        program.readable = readable
        program.environment = ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "CI": "1"]
            .merging(environment) { $1 }
        do {
            return try await sandbox.run(program, limits)
        } catch {
            throw .sandbox(error)
        }
    }

    private func runPlainly(
        _ command: [String], _ setup: String?, _ state: RepositoryState
    ) async throws(RepositoryError) -> TestRun {
        let script = """
            mkdir repository && cd repository && tar -xf - || exit 125
            if [ -n "$1" ]; then /bin/sh -c "$1" </dev/null 2>&1 || exit 125; fi
            shift
            exec "$@" </dev/null 2>&1
            """
        let outcome = try await run(
            SandboxedProgram(["/bin/sh", "-c", script, "sh", setup ?? ""] + command, input: state.archive))
        let output = Self.text(outcome.output + outcome.errors)
        return TestRun(
            hasSucceeded: outcome.hasSucceeded, passed: PassedTests.names(in: output),
            // As shells have it: 126 and 127 of a program that is not there.
            hasBegun: ![.exited(125), .exited(126), .exited(127)].contains(outcome.ending), output: output,
            ending: ending(outcome), seconds: outcome.seconds)
    }

    private struct Job: Encodable {
        var token: String
        var runner: String
        var arguments: [String]
        var module: Bool
        var setup: String
        var tests: [String]
    }

    private struct Answer: Decodable {
        struct Said: Decodable {
            var status: Int
            var passed: [String]
            var failed: [String]
            var honest: Bool
            var replaced: String?
        }

        var token: String
        var said: Said?
        var changed: [String]
    }

    private func runPython(
        _ interpreter: String, _ job: Job, _ state: RepositoryState
    ) async throws(RepositoryError) -> TestRun {
        let line = (try? JSONEncoder().encode(job)).map(Array.init) ?? []
        var program = SandboxedProgram(
            ["/usr/bin/env", interpreter, "-I", "python_tests.py"],
            files: ["python_tests.py": PackageResources.python_tests_py],
            input: line + [UInt8(ascii: "\n")] + state.archive)
        // The first process of the sandbox has the token too, and would give it to whoever asks for its files.
        program.seesProcesses = false
        let outcome = try await run(program)
        let output = Self.text(outcome.errors)
        var run = TestRun(
            hasSucceeded: false, passed: [], hasBegun: false, output: output, ending: ending(outcome),
            seconds: outcome.seconds)
        guard outcome.hasSucceeded, let answer = try? JSONDecoder().decode(Answer.self, from: Data(outcome.output)),
            answer.token == job.token
        else { return run }
        guard let said = answer.said else {
            run.doubt = "the process ended before its tests had run" + (output.isEmpty ? "" : ": \(run.tellingLine)")
            return run
        }
        run.hasSucceeded = said.status == 0
        (run.passed, run.failed) = (Set(said.passed).subtracting(said.failed), Set(said.failed))
        run.hasBegun = !said.passed.isEmpty || !said.failed.isEmpty
        if !said.honest { run.doubt = "tests that have to fail did not" }
        if let name = said.replaced { run.doubt = "\(name) was replaced while the tests ran" }
        if let path = answer.changed.first { run.doubt = "\(path) was changed while the tests ran" }
        return run
    }

    /// What was printed, without colours.
    private static func text(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.utf8.contains(0x1b) ? text.replacing(/\x{1B}\[[0-9;?]*[A-Za-z]/, with: "") : text
    }

    private func ending(_ outcome: SandboxOutcome) -> String? {
        switch outcome.ending {
        case .exited: nil
        case .signalled(let signal): "ended by signal \(signal)"
        case .ranOutOf(let limit): "ran out of \(limit.rawValue)"
        }
    }
}
