import Architectures
import Foundation
import Generation
import TestSupport
import Testing

/// A tiny model of a family, as `families*.json` list them; see Tests/Fixtures/README.md.
struct FamilyModel: Sendable, CustomTestStringConvertible {
    let name: String
    /// What may separate us from transformers, as a share of the logits' range.
    let tolerance: Float
    private let index: String

    var testDescription: String { name }

    /// Weights of 16 bits or more: no rounding between us and transformers.
    var isExact: Bool { tolerance <= 0.001 }

    private struct Index: Decodable {
        var models: [String: Float]
    }

    /// All that the indexes list, by name.
    static let all: [FamilyModel] = {
        let folder = Repository.root + "/Tests/Fixtures/Models"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasPrefix("families") && $0.hasSuffix(".json") }.flatMap { file in
            let data = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
            let index = data.flatMap { try? JSONDecoder().decode(Index.self, from: $0) }
            return (index?.models ?? [:]).map { FamilyModel(name: $0.key, tolerance: $0.value, index: file) }
        }.sorted { $0.name < $1.name }
    }()

    static func named(_ name: String) throws -> FamilyModel {
        try #require(all.first { $0.name == name })
    }

    func load() throws -> TinyModel { try TinyModel(name, index: index) }
}
