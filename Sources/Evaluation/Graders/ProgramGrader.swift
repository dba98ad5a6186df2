internal import Foundation
package import Workspaces

/// Checks programs by tests behind them, in a sandbox: what passes has come to the end of its tests.
package struct ProgramGrader: Sendable {
    private let sandbox: Sandbox
    private let limits: SandboxLimits
    private let language: ProgramLanguage
    private let environment: [String: String]
    private let readable: [String]

    /// What compilers need.
    package static var limits: SandboxLimits {
        var limits = SandboxLimits()
        (limits.cpuSeconds, limits.wallSeconds) = (60, 90)
        limits.memoryBytes = 4 << 30
        limits.fileBytes = 512 << 20
        limits.processes = 256
        return limits
    }

    /// - Parameter path: where programs are looked for.
    /// - Throws: when a program that the language needs is not there, or where no sandbox reaches it.
    package init(
        _ sandbox: Sandbox, _ language: ProgramLanguage, limits: SandboxLimits = Self.limits,
        path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    ) throws(ProgramGraderError) {
        self.sandbox = sandbox
        self.language = language
        self.limits = limits
        var folders: [String] = []
        var readable: Set<String> = []
        for tool in language.tools {
            guard let found = Self.find(tool, path) else { throw .programMissing(tool, language: language.title) }
            let root = language.root.flatMap { Self.printed($0, path) }
            let real = URL(fileURLWithPath: root.map { "\($0)/bin/\(tool)" } ?? found).resolvingSymlinksInPath().path
            // A toolchain of its own: the folder that has its bin.
            guard !real.hasPrefix("/usr/") else { continue }
            let bin = URL(fileURLWithPath: real).deletingLastPathComponent()
            let folder = bin.deletingLastPathComponent()
            // `/opt/swift/usr/bin` as `/opt/swift`.
            let toolchain = folder.lastPathComponent == "usr" ? folder.deletingLastPathComponent().path : folder.path
            guard Sandbox.reaches(toolchain) else { throw .programUnreachable(tool, folder: toolchain) }
            readable.insert(toolchain)
            folders.append(bin.path)
        }
        if let settings = language.settings {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/etc")) ?? []
            readable.formUnion(names.filter { $0.hasPrefix(settings) }.map { "/etc/" + $0 })
        }
        self.readable = readable.sorted()
        environment = [
            "PATH": (folders + ["/usr/local/bin", "/usr/bin", "/bin"]).joined(separator: ":"), "GOCACHE": "/tmp/go",
            "GO111MODULE": "off", "HOME": "/tmp",
        ]
    }

    private static func find(_ tool: String, _ path: String) -> String? {
        path.split(separator: ":").lazy.map { "\($0)/\(tool)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// The only line that a program prints.
    private static func printed(_ command: [String], _ path: String) -> String? {
        guard let program = find(command[0], path) else { return nil }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = Array(command.dropFirst())
        (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
        guard (try? process.run()) != nil else { return nil }
        let line = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? line.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }

    /// - Throws: when nothing could be checked; whatever the program does is a verdict.
    package func verdict(_ code: String, tests: String) async throws(SandboxError) -> Verdict {
        let token = UUID().uuidString
        guard let text = language.program(code, tests: tests, token: token) else {
            return Verdict(passed: false, reason: "the tests of this task do not end as such tests do")
        }
        let script = language.commands.joined(separator: " && ")
        let program = SandboxedProgram(
            ["/bin/sh", "-c", script], files: [language.file: Array(text.utf8)], environment: environment,
            readable: readable)
        let outcome = try await sandbox.run(program, limits)
        let output = String(decoding: outcome.output, as: UTF8.self)
        let isProved = language.proof == .exitStatus || output.contains(token)
        guard outcome.hasSucceeded, isProved else {
            return Verdict(passed: false, reason: Self.reason(outcome), seconds: outcome.seconds)
        }
        return Verdict(passed: true, seconds: outcome.seconds)
    }

    private static func reason(_ outcome: SandboxOutcome) -> String {
        switch outcome.ending {
        case .ranOutOf(let limit): return "ran out of \(limit.rawValue)"
        case .signalled(let signal): return "ended by signal \(signal)"
        case .exited(0): return "ended before its tests did"
        case .exited:
            let lines = String(decoding: outcome.errors + outcome.output, as: UTF8.self).split(separator: "\n")
            let line = lines.first { $0.localizedCaseInsensitiveContains("error") } ?? lines.last
            return line.map { String($0.prefix(300)) } ?? "failed"
        }
    }
}

/// Why programs of a language cannot be checked here.
package enum ProgramGraderError: Error, Hashable, CustomStringConvertible {
    case programMissing(String, language: String)
    case programUnreachable(String, folder: String)

    package var description: String {
        switch self {
        case .programUnreachable(let program, let folder):
            """
            \(program) is in \(folder), which only root may read: sandboxes run as nobody. Install it where all may read \
            it, or run the command as another user.
            """
        case .programMissing(let program, let language):
            "\(program) is not on this machine, and \(language) is checked by it. Install it, or add its folder to PATH."
        }
    }
}
