import Foundation

/// A local server that sends files with faults; see fault_server.py for its addresses.
package final class FaultServer: Sendable {
    package let folder: TemporaryFolder
    package let port: Int
    private let process: Process
    /// The server ends when this does, even if the tests are killed.
    private let input = Pipe()

    package init() throws {
        folder = try TemporaryFolder()
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Repository.root + "/Tests/TestSupport/fault_server.py", folder.path]
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

    package func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

    package func put(_ bytes: [UInt8], at name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    }

    /// Lines "METHOD PATH RANGE AUTHORIZATION" of all requests so far.
    package var requests: [String] {
        let log = (try? String(contentsOfFile: folder.path + "/requests.log", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").map(String.init)
    }
}
