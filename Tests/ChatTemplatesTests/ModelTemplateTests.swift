import ChatTemplates
import Foundation
import Testing

/// jinja2 in the Python of the tests, and the templates to try it on: those that `Scripts/fetch-chat-templates` fetched
/// and those in the model files of this machine.
private enum Peer {
    static let environment = ProcessInfo.processInfo.environment
    static let python =
        environment["MARTLET_TEST_PYTHON"] ?? Golden.repository.appending(path: ".venv/bin/python3").path

    static let files: [String] = {
        let models =
            environment["MARTLET_TEST_MODELS"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share/martlet/models")
        return list(Golden.repository.appending(path: ".deps/chat-templates"), "jinja") + list(models, "gguf")
    }()

    private static func list(_ folder: URL, _ suffix: String) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == suffix }.map(\.path).sorted()
    }

    static let isAvailable: Bool = {
        guard !files.isEmpty else { return false }
        return (try? run(["-c", "import jinja2, gguf"])) != nil
    }()

    static func run(_ arguments: [String]) throws -> Data {
        let output = FileManager.default.temporaryDirectory.appending(path: "chat-templates-\(UUID().uuidString)")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = arguments
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PeerError.exit(process.terminationStatus) }
        return try Data(contentsOf: output)
    }

    enum PeerError: Error {
        case exit(Int32)
    }
}

@Suite("Templates of real models")
struct ModelTemplateTests {
    @Test("render all conversations as jinja2 does", .enabled(if: Peer.isAvailable))
    func agreeWithJinja() throws {
        let script = Golden.repository.appending(path: "Scripts/chat-template-goldens.py").path
        let lines = try Peer.run([script] + Peer.files).split(separator: UInt8(ascii: "\n"))
        #expect(!lines.isEmpty)
        for line in lines {
            guard case .map(let map) = try TemplateValue(json: [UInt8](line)), case .string(let name)? = map["name"],
                case .string(let source)? = map["template"]
            else { throw GoldenError.malformed }
            try expectAgreement(name, source: source, results: map["results"])
        }
    }
}
