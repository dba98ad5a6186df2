import Foundation

/// A local server that sends files with faults; see fault_server.py for its addresses.
package final class FaultServer: Sendable {
    package let folder: TemporaryFolder
    private let server: PythonServer

    package init() throws {
        folder = try TemporaryFolder()
        server = try PythonServer("Tests/TestSupport/fault_server.py", folder.path)
    }

    package var port: Int { server.port }

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
