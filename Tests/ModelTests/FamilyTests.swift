import Architectures
import Generation
import Tensors
import Testing

@Suite("Tiny models of every family against transformers")
struct FamilyTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    @Test("the indexes are read")
    func indexes() {
        #expect(FamilyModel.all.count >= 12)
    }

    @Test(
        "logits match after the prompt and after each further token, however the prompt is cut",
        arguments: FamilyModel.all, levels)
    func logits(_ family: FamilyModel, _ level: KernelLevel) throws {
        try family.load().checkLogits(level, tolerance: family.tolerance)
    }

    @Test("logits of every position of one batch match", arguments: FamilyModel.all)
    func everyPosition(_ family: FamilyModel) throws {
        try family.load().checkEveryPosition(tolerance: family.tolerance)
    }

    @Test("logits have the same bits whatever the threads", arguments: FamilyModel.all)
    func threads(_ family: FamilyModel) throws {
        try family.load().checkThreads()
    }

    @Test("evaluating again after truncating gives the same logits", arguments: FamilyModel.all)
    func truncation(_ family: FamilyModel) throws {
        let tiny = try family.load()
        try tiny.checkTruncation(kv: .f32, batches: [64]) { logits, _ in
            worstError(logits, tiny.logits[0]) < family.tolerance
        }
    }

    @Test("an f16 cache keeps the logits close", arguments: FamilyModel.all.filter(\.isExact))
    func halfCache(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let session = try tiny.session(threads: 2)
        try session.evaluate(tiny.prompt, batches: [40, 24])
        // Keys and values round to 11 bits; peaked attention of random weights amplifies that.
        #expect(worstError(session.logits, tiny.logits[0]) < 0.01)
    }
}
