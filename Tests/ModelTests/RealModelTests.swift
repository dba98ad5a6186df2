import Architectures
import Foundation
import Generation
import Tensors
import TestSupport
import Testing

/// A text's ids, and what transformers makes of them with the model's decoded weights; see Tests/Fixtures/README.md.
struct ReferenceLosses: Decodable {
    var ids: [Int32]
    /// Negative log-likelihood of each id after the first.
    var losses: [Double]
    /// The largest logits after the last id.
    var topIDs: [Int]
    var topLogits: [Float]
    /// Largest minus smallest logit after the last id.
    var range: Float

    init(_ name: String) throws {
        let path = Repository.root + "/Tests/Fixtures/Logits/" + name.replacing(":", with: "-") + ".json"
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

@Suite("Real models against transformers", .serialized)
struct RealModelTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    private func model(_ name: String) throws -> LanguageModel {
        try LanguageModel(path: TestModel.path(of: name))
    }

    private func session(_ model: LanguageModel, _ level: KernelLevel, threads: Int, kv: KVType = .f16) throws
        -> Session
    {
        var options = SessionOptions()
        (options.level, options.threads, options.kv, options.context) = (level, threads, kv, 512)
        return try Session(model, options)
    }

    private func losses(_ session: Session, _ ids: [Int32], batch: Int) throws -> [Double] {
        var losses: [Double] = []
        for first in stride(from: 0, to: ids.count, by: batch) {
            let part = Array(ids[first..<min(ids.count, first + batch)])
            try session.evaluate(part, wanted: 0..<part.count) { row, logits in
                let position = first + row
                guard position + 1 < ids.count else { return }
                let largest = Double(logits.max()!)
                let sum = logits.reduce(0.0) { $0 + exp(Double($1) - largest) }
                losses.append(largest + log(sum) - Double(logits[Int(ids[position + 1])]))
            }
        }
        return losses
    }

    /// What may separate two ways of rounding activations to 8 bits from float32: llama.cpp's own kernels differ from
    /// transformers by these much on the same files and text.
    private struct Tolerance {
        /// Of the mean loss; llama.cpp: 0.026 (Qwen2.5-Coder), 0.001 (SmolLM2).
        var mean = 0.04
        /// Root mean square over tokens; llama.cpp: 0.32, 0.07.
        var spread: Double
        /// Of the last logits' range; llama.cpp: 0.007, 0.008.
        var logits: Float = 0.04
    }

    private func compare(
        _ name: String, _ level: KernelLevel, kv: KVType = .f16, batch: Int, _ tolerance: Tolerance
    ) throws {
        let reference = try ReferenceLosses(name)
        let session = try session(model(name), level, threads: 2, kv: kv)
        let found = try losses(session, reference.ids, batch: batch)
        let differences = zip(found, reference.losses).map { $0 - $1 }
        let mean = differences.reduce(0, +) / Double(differences.count)
        let spread = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
        #expect(found.count == reference.losses.count)
        #expect(abs(mean) < tolerance.mean && spread < tolerance.spread, "\(kv), batches of \(batch)")
        session.truncate(to: reference.ids.count - 1)
        try session.evaluate([reference.ids.last!])
        let logits = session.logits
        let worst = zip(reference.topIDs, reference.topLogits).map { abs(logits[$0] - $1) }.max()!
        #expect(worst < tolerance.logits * reference.range, "\(kv), batches of \(batch)")
        #expect(logits.indices.max { logits[$0] < logits[$1] } == reference.topIDs[0])
    }

    @Test("SmolLM2, whose rows end in partial groups, predicts as it should", arguments: levels)
    func smolLM2(_ level: KernelLevel) throws {
        let tolerance = Tolerance(spread: 0.3)
        try compare(TestModel.smollm2, level, batch: 512, tolerance)
        guard level != .scalar else { return }
        try compare(TestModel.smollm2, level, batch: 3, tolerance)
        try compare(TestModel.smollm2, level, kv: .q8_0, batch: 512, tolerance)
    }

    @Test("SmolLM2's logits have the same bits whatever the threads")
    func smolLM2Threads() throws {
        let ids = try ReferenceLosses(TestModel.smollm2).ids
        let model = try model(TestModel.smollm2)
        let rows = try (1...3).map { threads in
            let session = try session(model, .best, threads: threads)
            try session.evaluate(Array(ids.prefix(100)))
            try session.evaluate(Array(ids[100..<103]), batches: [1])
            return session.logits
        }
        #expect(rows[1] == rows[0] && rows[2] == rows[0])
    }

    @Test("Gemma 3 predicts as it should", arguments: KVType.allCases)
    func gemma(_ kv: KVType) throws {
        try compare(TestModel.gemma, .best, kv: kv, batch: 512, Tolerance(spread: 0.3))
    }

    @Test("Qwen2.5-Coder predicts as it should", arguments: KVType.allCases)
    func qwen(_ kv: KVType) throws {
        try compare(TestModel.qwen, .best, kv: kv, batch: 512, Tolerance(spread: 0.42))
    }
}
