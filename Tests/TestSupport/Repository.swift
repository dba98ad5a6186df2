import Foundation

/// Where this repository and what was built of it are.
package enum Repository {
    /// The folder of Package.swift.
    package static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The binary under test: `MARTLET_BINARY`, or the one built beside the tests.
    package static let martlet: String = {
        if let path = ProcessInfo.processInfo.environment["MARTLET_BINARY"] { return path }
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("martlet").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : root + "/.build/release/martlet"
    }()
}
