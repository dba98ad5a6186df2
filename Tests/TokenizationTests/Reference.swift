import Foundation
import ModelFiles
import TestSupport
import Tokenization

/// Where the models and the reference libraries are.
enum Reference {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    static let qwen = TestModel.qwen
    static let smollm = TestModel.smollm2

    /// The Python interpreter that has `tokenizers` and `tiktoken`.
    static func python() throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let path = environment["MARTLET_TEST_PYTHON"] ?? Repository.root + "/.venv/bin/python3"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "There is no \(path) with the reference libraries; `make test` installs it.")
        }
        return path
    }

    /// The path of a model that `make test` has pulled.
    static func model(_ name: String) throws -> String {
        try TestModel.path(of: name)
    }

    static func definition(_ name: String) throws -> TokenizerDefinition {
        try TokenizerDefinition(gguf: GGUFFile.open(path: model(name)).metadata)
    }

    /// The `usr` folder of the Swift toolchain on PATH.
    static func toolchain() throws -> String {
        for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
            let compiler = URL(filePath: String(folder)).appending(path: "swiftc").resolvingSymlinksInPath()
            guard FileManager.default.isExecutableFile(atPath: compiler.path) else { continue }
            return compiler.deletingLastPathComponent().deletingLastPathComponent().path
        }
        throw Missing(description: "There is no swiftc on PATH, whose headers are part of the test corpus.")
    }

    /// Runs a script of this repository to its end.
    static func run(_ script: String, _ arguments: [String]) async throws {
        let run = try await CommandRun.run(python(), [Repository.root + "/Scripts/" + script] + arguments)
        guard run.status == 0 else { throw Missing(description: "\(script) failed: \(run.errors)") }
    }
}

/// Documents as a script wrote them: `NAME.suffix` holds one behind another, `NAME.ends` where each ends.
struct Documents<Element: BitwiseCopyable> {
    private let content: Data
    private let ends: Data

    init(_ name: String, suffix: String, in folder: URL) throws {
        content = try Data(contentsOf: folder.appending(path: "\(name).\(suffix)"), options: .alwaysMapped)
        ends = try Data(contentsOf: folder.appending(path: "\(name).ends"))
    }

    var count: Int { ends.count / 4 }
    var elementCount: Int { content.count / MemoryLayout<Element>.size }

    func withDocument<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Element>) throws -> Result) rethrows -> Result
    {
        let end = ends.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)) }
        let start =
            index == 0
            ? 0 : ends.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: index * 4 - 4, as: UInt32.self)) }
        return try content.withUnsafeBytes {
            try body(UnsafeBufferPointer(rebasing: $0.bindMemory(to: Element.self)[start..<end]))
        }
    }
}
