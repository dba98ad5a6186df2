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
        var options = SessionOptions()
        options.kv = .f32
        options.context = 128
        let session = try Session(model, options)
        let worst = try session.worstError(
            prompt: index.prompt, batches: [index.prompt.count], decode: index.decode,
            against: fixtureLogits("Folders/\(name).logits.f32", vocabulary: index.vocabulary))
        #expect(worst < 0.001)
    }
}
