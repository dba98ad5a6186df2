internal import Architectures
internal import Foundation
internal import Generation
internal import Tensors
internal import TestSupport
import Testing

/// Models run straight from the folders that transformers wrote; see Tests/Fixtures/README.md.
@Suite("Hugging Face folders against transformers")
struct FolderModelTests {
    private struct Index: Decodable {
        var vocabulary: Int
        var prompt: [Int32]
        var decode: [Int32]
        var models: [String]
    }

    private static let root = Repository.root + "/Tests/Fixtures/Folders/"
    private static let index = try? JSONDecoder().decode(
        Index.self, from: Data(contentsOf: URL(fileURLWithPath: root + "folders.json")))

    @Test("logits match after the prompt and after each further token", arguments: index?.models ?? [])
    func logits(_ name: String) throws {
        let index = try #require(Self.index)
        let model: LanguageModel
        do { model = try LanguageModel(path: Self.root + name) } catch {
            // Read, but not run yet: Docs/Models.md says which.
            guard case .unsupportedArchitecture = error else { throw error }
            return
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: Self.root + name + ".logits.f32"))
        let values = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        let rows = stride(from: 0, to: values.count, by: index.vocabulary).map {
            Array(values[$0..<$0 + index.vocabulary])
        }
        var options = SessionOptions()
        options.kv = .f32
        options.context = 128
        let session = try Session(model, options)
        try session.evaluate(index.prompt)
        var worst = worstError(session.logits, rows[0])
        for (id, expected) in zip(index.decode, rows.dropFirst()) {
            try session.evaluate([id])
            worst = max(worst, worstError(session.logits, expected))
        }
        #expect(worst < 0.001)
    }
}
