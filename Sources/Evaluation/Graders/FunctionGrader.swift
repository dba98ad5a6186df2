internal import Foundation
package import Workspaces

/// Checks Python functions by tests that they cannot reach: in a sandbox, in a process of their own beside that of the tests
/// (function_grader.py).
package struct FunctionGrader: Sendable {
    /// What is to be checked, and by what.
    package struct Check: Hashable, Sendable {
        /// Defines the function.
        package var code: String
        package var entry: String
        /// Run beside the tests, which may use what it defines.
        package var setup: String
        /// Defines `check(candidate)`, which raises when something is wrong.
        package var test: String

        package init(code: String, entry: String, setup: String = "", test: String) {
            self.code = code
            self.entry = entry
            self.setup = setup
            self.test = test
        }
    }

    private let sandbox: Sandbox
    private let limits: SandboxLimits
    private let program: SandboxedProgram
    /// Sandboxes that checks share. What passes there has passed; what does not is checked once more in a new one, so
    /// that no verdict depends on a check before it.
    private let pool: SandboxPool

    /// - Parameter python: in `/usr`, the only folder that a sandbox has.
    package init(_ sandbox: Sandbox, limits: SandboxLimits = SandboxLimits(), python: String = "/usr/bin/python3") {
        self.sandbox = sandbox
        self.limits = limits
        var program = SandboxedProgram(
            [python, "-I", "-S", "function_grader.py"],
            files: ["function_grader.py": PackageResources.function_grader_py], environment: ["PYTHONHASHSEED": "0"])
        // The first process of the sandbox has the input too, and would give it to whoever asks for its files.
        program.seesProcesses = false
        self.program = program
        program.command.append("--serve")
        var quick = limits
        quick.wallSeconds = min(3, limits.wallSeconds)
        pool = SandboxPool(sandbox, program, quick)
    }

    private struct Job: Encodable {
        var code: String
        var setup: String
        var test: String
        var entry: String
        var token: String
    }

    /// - Throws: when nothing could be checked; whatever the code does is a verdict.
    package func verdict(_ check: Check) async throws(SandboxError) -> Verdict {
        // Whoever does not know it cannot pass.
        let token = UUID().uuidString
        let job = Job(code: check.code, setup: check.setup, test: check.test, entry: check.entry, token: token)
        let input = (try? JSONEncoder().encode(job)).map(Array.init) ?? []
        let start = ContinuousClock.now
        let proof = Array(token.utf8)
        let answer = try await pool.answer(input, about: check.setup + check.test, where: { $0 == proof })
        if let answer {
            let passed = answer == proof
            return Verdict(
                passed: passed, reason: passed ? nil : Self.lastLine(answer),
                seconds: (ContinuousClock.now - start) / .seconds(1))
        }
        var program = program
        program.input = input
        let outcome = try await sandbox.run(program, limits)
        let last = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n").last
        let passed = outcome.hasSucceeded && last.map(String.init) == token
        return Verdict(passed: passed, reason: passed ? nil : reason(outcome), seconds: outcome.seconds)
    }

    private func reason(_ outcome: SandboxOutcome) -> String {
        switch outcome.ending {
        case .ranOutOf(let limit): "ran out of \(limit.rawValue)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .exited: Self.lastLine(outcome.errors) ?? "ended without a verdict"
        }
    }

    private static func lastLine(_ text: [UInt8]) -> String? {
        String(decoding: text, as: UTF8.self).split(separator: "\n").last.map { String($0.prefix(500)) }
    }
}
