package import Foundation

/// What a finished process left behind.
package struct CommandRun: Sendable {
    /// The exit status, or 128 + the signal that ended it.
    package var status: Int32
    package var output: Data
    package var errors: String
    package var seconds: Double

    package var text: String { String(decoding: output, as: UTF8.self) }

    /// The output decoded from JSON.
    package func json<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        try JSONDecoder().decode(type, from: output)
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - input: standard input; empty when nil.
    ///   - environment: added to a bare one (PATH, a UTF-8 locale, and HOME unless given).
    package static func run(
        _ program: String, _ arguments: [String], input: Data? = nil, environment: [String: String] = [:],
        folder: String? = nil
    ) async throws -> CommandRun {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment
        var variables = ["LANG": "C.UTF-8"]
        for name in ["PATH", "HOME"] { variables[name] = inherited[name] }
        process.environment = variables.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        // Files instead of pipes: no reader that must keep up, however much is printed.
        func stream(_ name: String, _ content: Data = Data()) throws -> FileHandle {
            let url = URL(fileURLWithPath: scratch.path + "/" + name)
            try content.write(to: url)
            return try FileHandle(forUpdating: url)
        }
        process.standardInput = try stream("input", input ?? Data())
        process.standardOutput = try stream("output")
        process.standardError = try stream("errors")
        let start = ContinuousClock.now
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
        return CommandRun(
            status: process.terminationStatus + signal,
            output: try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/output")),
            errors: String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/errors")), as: UTF8.self),
            seconds: seconds)
    }

    /// Runs the binary under test.
    package static func martlet(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:], folder: String? = nil
    ) async throws -> CommandRun {
        try await run(
            Repository.martlet, arguments, input: input.map { Data($0.utf8) }, environment: environment, folder: folder)
    }

    /// Runs a line of shell, where `$martlet` is the binary under test.
    package static func shell(
        _ line: String, environment: [String: String] = [:], folder: String? = nil
    ) async throws -> CommandRun {
        try await run(
            "/bin/bash", ["-c", line], environment: environment.merging(["martlet": Repository.martlet]) { $1 },
            folder: folder)
    }
}
