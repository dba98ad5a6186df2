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
        let tiny = try family.load()
        for batches in [[64], [1], [7, 1, 13, 2, 41], [3, 4, 33, 24]] {
            let session = try tiny.session(level, threads: 2, kv: .f32)
            try session.evaluate(tiny.prompt, batches: batches)
            var worst = worstError(session.logits, tiny.logits[0])
            for (id, expected) in zip(tiny.decode, tiny.logits.dropFirst()) {
                try session.evaluate([id])
                worst = max(worst, worstError(session.logits, expected))
            }
            #expect(worst < family.tolerance, "batches \(batches)")
        }
    }

    @Test("logits of every position of one batch match", arguments: FamilyModel.all)
    func everyPosition(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let session = try tiny.session(kv: .f32)
        var rows: [Int: [Float]] = [:]
        try session.evaluate(tiny.prompt + tiny.decode, wanted: 60..<80) { row, logits in rows[row] = Array(logits) }
        #expect(rows.keys.sorted() == Array(60..<80))
        for (row, expected) in zip(63..<80, tiny.logits) {
            #expect(worstError(rows[row]!, expected) < family.tolerance, "row \(row)")
        }
    }

    @Test("logits have the same bits whatever the threads", arguments: FamilyModel.all)
    func threads(_ family: FamilyModel) throws {
        let tiny = try family.load()
        for batches in [[64], [1], [5, 59]] {
            let rows = try (1...3).map { threads in
                let session = try tiny.session(threads: threads)
                try session.evaluate(tiny.prompt, batches: batches)
                let prompt = session.logits
                try session.evaluate(tiny.decode, batches: [1])
                return prompt + session.logits
            }
            #expect(rows[1] == rows[0] && rows[2] == rows[0], "batches \(batches)")
        }
    }

    @Test("evaluating again after truncating gives the same logits", arguments: FamilyModel.all)
    func truncation(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let session = try tiny.session(threads: 2, kv: .f32)
        try session.evaluate(tiny.prompt, batches: [40, 24])
        try session.evaluate(tiny.decode)
        session.truncate(to: 40)
        #expect(session.position == 40)
        try session.evaluate(Array(tiny.decode.reversed()))
        session.truncate(to: 40)
        // A recurrent state may have to be built again from further back, in other batches than at first.
        try session.evaluate(Array(tiny.prompt[40...]))
        #expect(worstError(session.logits, tiny.logits[0]) < family.tolerance)
        #expect(session.tokens == tiny.prompt)
        session.truncate(to: 0)
        try session.evaluate(tiny.prompt)
        #expect(worstError(session.logits, tiny.logits[0]) < family.tolerance)
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
