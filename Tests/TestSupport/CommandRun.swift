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
        let inherited = ProcessInfo.processInfo.environment
        var variables = ["LANG": "C.UTF-8"]
        for name in ["PATH", "HOME"] { variables[name] = inherited[name] }
        // Files instead of pipes: no reader that must keep up, however much is printed.
        let paths = ["input", "output", "errors"].map { scratch.path + "/" + $0 }
        try (input ?? Data()).write(to: URL(fileURLWithPath: paths[0]))
        let start = ContinuousClock.now
        let process = try SpawnedProcess(
            program, arguments, input: paths[0], output: paths[1], errors: paths[2],
            environment: variables.merging(environment) { $1 }, folder: folder)
        let status = await process.wait()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return CommandRun(
            status: status,
            output: try Data(contentsOf: URL(fileURLWithPath: paths[1])),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: paths[2])), as: UTF8.self),
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
