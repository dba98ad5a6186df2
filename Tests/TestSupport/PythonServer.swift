import Foundation

/// A script of Python that prints its port and serves until its standard input ends: with this value, or with the tests.
package final class PythonServer: Sendable {
    package let port: Int
    private let process: Process
    /// The server ends when this does, even if the tests are killed.
    private let input = Pipe()

    /// - Parameter script: from the root of the repository.
    package init(_ script: String, _ arguments: String...) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Repository.root + "/" + script] + arguments
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw CocoaError(.executableNotLoadable)
        }
        self.port = port
    }

    deinit {
        // Not terminate() and waitUntilExit(): the latter would hold one of the few threads that all tests share.
        kill(process.processIdentifier, SIGKILL)
    }
}
