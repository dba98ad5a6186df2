import Architectures
import Foundation
import Generation
import Tensors
import TestSupport
import Testing

@Suite("Saved slots")
struct SlotArchiveTests {
    private func options(_ kv: KVType) -> SessionOptions {
        var options = SessionOptions()
        (options.kv, options.context, options.threads) = (kv, 128, 2)
        return options
    }

    /// Evaluates tokens in a slot; the logits after the last.
    @discardableResult
    private func evaluate(_ engine: BatchEngine, _ slot: Int, _ ids: [Int32]) throws -> [Float] {
        var row: [Float] = []
        try engine.evaluate([SlotInput(slot: slot, ids: ids, wantsLogits: true)]) { row = Array($1) }
        return row
    }

    @Test(
        "a slot that is restored elsewhere goes on with the bits of the one that was saved", arguments: FamilyModel.all,
        KVType.allCases)
    func exact(_ family: FamilyModel, _ kv: KVType) throws {
        let tiny = try family.load()
        guard tiny.model.decoder.supports(kv) else { return }
        let (first, second) = (
            try BatchEngine(tiny.model, options(kv), slots: 1), try BatchEngine(tiny.model, options(kv), slots: 2)
        )
        guard let saving = SlotArchive(first, options(kv)), let restoring = SlotArchive(second, options(kv)) else {
            #expect(tiny.model.hyperparameters.architecture == "deepseek4")
            return
        }
        let folder = try TemporaryFolder()
        let path = folder.path + "/talk.slot"
        let ids = tiny.prompt + tiny.decode
        try evaluate(first, 0, Array(ids[..<70]))
        let written = try saving.save(0, to: path)
        try evaluate(second, 1, ids.reversed())
        #expect(try restoring.restore(1, from: path) == written)
        #expect(second.tokens(of: 1) == Array(ids[..<70]) && second.position(of: 0) == 0)
        for id in ids[70..<75] { #expect(try evaluate(second, 1, [id]) == evaluate(first, 0, [id])) }
        // Another text takes the place of what was saved.
        first.truncate(0, to: 0)
        try evaluate(first, 0, Array(ids[..<10]))
        #expect(try saving.save(0, to: path) < written)
        _ = try restoring.restore(0, from: path)
        #expect(second.tokens(of: 0) == Array(ids[..<10]))
        #expect(try evaluate(second, 0, [ids[10]]) == evaluate(first, 0, [ids[10]]))
    }

    @Test("what is not there, damaged, or of another type is not restored", arguments: FamilyModel.all)
    func refused(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let engine = try BatchEngine(tiny.model, options(.f32), slots: 1)
        guard let archive = SlotArchive(engine, options(.f32)) else { return }
        let folder = try TemporaryFolder()
        let path = folder.path + "/talk.slot"
        #expect(throws: SlotArchive.Failure.notFound) { try archive.restore(0, from: path) }
        try evaluate(engine, 0, Array(tiny.prompt[..<40]))
        _ = try archive.save(0, to: path)
        let other = try BatchEngine(tiny.model, options(.f16), slots: 1)
        let foreign = try #require(SlotArchive(other, options(.f16)))
        #expect(throws: SlotArchive.Failure.notReadable) { try foreign.restore(0, from: path) }
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let files = names.filter { $0.hasSuffix(".kv") }.map { "\(path)/\($0)" }
        #expect(!files.isEmpty)
        for file in files {
            _ = try archive.save(0, to: path)
            var bytes = try Data(contentsOf: URL(filePath: file))
            bytes[bytes.count - 9] ^= 1
            try bytes.write(to: URL(filePath: file))
            #expect(throws: SlotArchive.Failure.notReadable) { try archive.restore(0, from: path) }
            engine.truncate(0, to: 0)
            try evaluate(engine, 0, Array(tiny.prompt[..<40]))
        }
    }
}
