import Architectures
import Generation
import Tensors
import Testing

@Suite("Drafts of the model's own head")
struct SpeculationTests {
    private let family: FamilyModel

    init() throws { family = try FamilyModel.named("qwen35-mtp") }

    private func session(drafts: Int) throws -> Session {
        var options = SessionOptions()
        (options.drafts, options.kv, options.threads, options.context) = (drafts, .f32, 2, 512)
        return try Session(try family.load().model, options)
    }

    @Test("the head's logits match, whatever the batches")
    func logits() throws {
        let tiny = try family.load()
        let (model, ids) = (tiny.model, tiny.prompt + tiny.decode)
        let head = try #require(model.decoder.nextTokenHead)
        let expected = try fixtureLogits(
            "Models/qwen35-mtp.drafts.f32", vocabulary: model.hyperparameters.vocabulary)
        #expect(expected.count == 79)
        let compute = Compute(level: .best, pool: ComputePool(threadCount: 2))
        let workspace = Workspace()
        let hidden = FloatBuffer(capacity: 80 * head.width)
        let caches = model.decoder.makeCaches(capacity: 128, kv: .f32)!
        ids.withUnsafeBufferPointer { ids in
            var pass = Pass(ids: ids, position: 0, compute: compute, workspace: workspace)
            pass.hidden = hidden.pointer
            _ = model.decoder.forward(pass, caches: caches, wanted: 0..<0, goOn: { true }) { _, _ in }
        }
        let cache = head.makeCache(capacity: 128, kv: .f32)!
        var (position, worst) = (0, Float(0))
        for count in [1, 1, 5, 40, 1, 30, 1] {
            let batch = Array(ids[position + 1...position + count])
            batch.withUnsafeBufferPointer { batch in
                let pass = Pass(ids: batch, position: position, compute: compute, workspace: workspace)
                head.forward(pass, hidden: hidden.pointer + position * head.width, cache: cache) { logits in
                    worst = max(worst, worstError(Array(logits), expected[position + count - 1]))
                }
            }
            position += count
        }
        #expect(position == 79 && worst < family.tolerance)
    }

    /// What a session generates after the prompt.
    private func text(drafts: Int, _ options: SamplingOptions, count: Int) throws -> [Int32] {
        let tiny = try family.load()
        let session = try session(drafts: drafts)
        var sampler = try Sampler(options)
        try session.evaluate(tiny.prompt, batches: [40, 24])
        for _ in 0..<count {
            let id = try session.withLogits { try sampler.sample($0).id }
            sampler.accept(id)
            try session.evaluate([id])
        }
        return session.tokens
    }

    @Test("text is the same with and without drafts", arguments: [Float(0), 0.3, 1])
    func sameText(_ temperature: Float) throws {
        var options = SamplingOptions()
        (options.temperature, options.seed) = (temperature, 7)
        let plain = try text(drafts: 0, options, count: 120)
        for drafts in [1, 2, 5] { #expect(try text(drafts: drafts, options, count: 120) == plain, "\(drafts) drafts") }
    }

    @Test("drafts that come true and drafts that do not leave the same state", arguments: [1, 2, 3, 8])
    func state(_ drafts: Int) throws {
        let tiny = try family.load()
        let (session, plain) = (try session(drafts: drafts), try session(drafts: 0))
        try session.evaluate(tiny.prompt)
        try plain.evaluate(tiny.prompt)
        var random = SystemRandomNumberGenerator()
        for step in 0..<60 {
            // The likeliest token or any other.
            let best = session.logits.indices.max { session.logits[$0] < session.logits[$1] }!
            let id = step % 3 == 2 ? Int32.random(in: 0..<100, using: &random) : Int32(best)
            try session.evaluate([id])
            try plain.evaluate([id])
            #expect(session.tokens == plain.tokens)
            // Products of up to three tokens are computed one by one: the very same bits.
            let isSame = drafts <= 2 ? session.logits == plain.logits : worstError(session.logits, plain.logits) < 1e-4
            #expect(isSame, "step \(step)")
            if step % 20 == 13 {
                session.truncate(to: session.position - 4)
                plain.truncate(to: plain.position - 4)
                try session.evaluate(Array(tiny.decode.prefix(7)))
                try plain.evaluate(Array(tiny.decode.prefix(7)))
                #expect(worstError(session.logits, plain.logits) < 1e-4)
            }
        }
    }

    @Test("the number of drafts follows what pays")
    func length() {
        func settled(accept: (Int) -> Int, seconds: (Int) -> Double) -> Int {
            var length = DraftLength(maximum: 4)
            var counts = [Int](repeating: 0, count: 5)
            for step in 0..<400 {
                let count = length.count()
                if step >= 200 { counts[count] += 1 }
                length.record(drafts: count, accepted: [accept(count)], seconds: seconds(count))
            }
            return counts.indices.max { counts[$0] < counts[$1] }!
        }
        #expect(settled(accept: { $0 }, seconds: { 1 + 0.1 * Double($0) }) == 4)
        #expect(settled(accept: { _ in 0 }, seconds: { 1 + 0.1 * Double($0) }) == 0)
        #expect(settled(accept: { min($0, 1) }, seconds: { 1 + 0.9 * Double($0) }) <= 1)
    }
}
