import Architectures
import Generation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Sequences of one pass, each with adapters of its own.
@Suite("Adapters of several sequences")
struct AdapterBatchTests {
    /// A random adapter of most of a model's matrices, loaded, and what it was made from.
    struct Made {
        let file: RandomAdapter
        let adapter: Adapter

        init(
            _ model: LanguageModel, seed: UInt64, rank: Int = 3, strength: Float = 0.1,
            where isWanted: (GGUFTensor) -> Bool = { _ in true }
        )
            throws
        {
            var random = SplitMix64(seed: seed)
            let targets = try model.adaptable.sorted().compactMap { try model.source.tensor($0) }
                .filter { $0.shape.count == 2 && isWanted($0) && random.below(4) > 0 }
            file = RandomAdapter(
                architecture: model.metadata.string("general.architecture") ?? "",
                targets: targets.map { ($0.name, $0.shape) }, rank: rank, strength: strength, seed: seed)
            let folder = try TemporaryFolder()
            try file.write(to: folder.path + "/adapter.gguf")
            adapter = try Adapter.load(path: folder.path + "/adapter.gguf", for: model)
        }
    }

    private func options(_ adapters: AdapterSelection = .none, context: Int = 128) -> SessionOptions {
        var options = SessionOptions()
        (options.kv, options.context, options.threads, options.adapters) = (.f32, context, 2, adapters)
        return options
    }

    /// None, each of two, both, and one of them weaker.
    private func selections(_ model: LanguageModel) throws -> [AdapterSelection] {
        let (one, two) = (try Made(model, seed: 1).adapter, try Made(model, seed: 2, rank: 17).adapter)
        return [
            .none, AdapterSelection([(one, 1)]), AdapterSelection([(two, 1)]),
            AdapterSelection([(one, 0.5), (two, -1)]), AdapterSelection([(one, 0.25)]),
        ]
    }

    /// Texts of different content and length.
    private func texts(_ tiny: TinyModel) -> [[Int32]] {
        let ids = tiny.prompt + tiny.decode
        return [
            ids, Array(ids.reversed()), Array((ids[30...] + ids[..<30]).prefix(70)), Array(ids[10..<55]),
            Array(ids[5..<60]),
        ]
    }

    private func tolerance(_ family: FamilyModel) -> Float { family.isExact ? 0.001 : 2 * family.tolerance }

    @Test("sequences have the logits that each has alone, however they are cut and mixed", arguments: FamilyModel.all)
    func interleaved(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let selections = try selections(tiny.model)
        let texts = texts(tiny)
        var expected: [[[Float]]] = []
        for (selection, text) in zip(selections, texts) {
            var rows: [[Float]] = []
            try Session(tiny.model, options(selection)).evaluate(text, wanted: 0..<text.count) { _, logits in
                rows.append(Array(logits))
            }
            expected.append(rows)
        }
        let engine = try BatchEngine(tiny.model, options(), slots: texts.count)
        for (slot, selection) in selections.enumerated() { engine.adapt(slot, with: selection) }
        let worst = try engine.worstErrorInPieces(of: texts, expected, seed: 3)
        #expect(worst < tolerance(family))
        // The adapters are no small change, or this would show nothing.
        let plain = try Session(tiny.model, options())
        try plain.evaluate(texts[1])
        if family.isExact { #expect(worstError(plain.logits, expected[1].last ?? []) > 0.01) }
    }

    @Test("rows without adapters have the bits of a pass without any, and few rows the bits that each has alone")
    func bits() throws {
        for family in FamilyModel.all {
            let tiny = try family.load()
            let selections = try selections(tiny.model)
            let texts = texts(tiny).map { Array($0.prefix(40)) }
            func logits(_ counts: [Int], _ selections: [AdapterSelection]) throws -> [[Float]] {
                let engine = try BatchEngine(tiny.model, options(), slots: counts.count)
                for (slot, selection) in selections.enumerated() {
                    engine.adapt(slot, with: selection)
                    try engine.evaluate([SlotInput(slot: slot, ids: texts[slot], wantsLogits: false)]) { _, _ in }
                }
                var rows = [[Float]](repeating: [], count: counts.count)
                let inputs = counts.indices.filter { counts[$0] > 0 }.map { slot in
                    SlotInput(slot: slot, ids: Array(tiny.decode[..<counts[slot]]), wantsLogits: true)
                }
                try engine.evaluate(inputs) { rows[inputs[$0].slot] = Array($1) }
                return rows
            }
            let mixed = Array(selections[..<3])
            let plain = [AdapterSelection](repeating: .none, count: 3)
            for counts in [[1, 1, 1], [5, 9, 3]] {
                #expect(try logits(counts, mixed)[0] == logits(counts, plain)[0], "\(family.name)")
            }
            let together = try logits([1, 1, 1], mixed)
            for slot in 0..<3 {
                let alone = try logits((0..<3).map { $0 == slot ? 1 : 0 }, mixed)
                #expect(together[slot] == alone[slot], "\(family.name) \(slot)")
            }
        }
    }

    private func floats(_ tensor: PatchedModel.Tensor) -> [Float] {
        tensor.data.withUnsafeBytes { bytes in
            if tensor.type == .f32 { return Array(bytes.bindMemory(to: Float.self)) }
            let words = bytes.bindMemory(to: UInt16.self)
            return tensor.type == .bf16
                ? words.map { Float(bitPattern: UInt32($0) << 16) } : words.map { Float(Float16(bitPattern: $0)) }
        }
    }

    @Test(
        "an adapter gives what weights give that it is merged into",
        arguments: ["qwen3", "mixtral", "gemma3", "qwen3next", "deepseek-v2"])
    func merged(_ name: String) throws {
        let path = "\(Repository.root)/Tests/Fixtures/Models/\(name).gguf"
        let model = try LanguageModel(path: path)
        let made = try Made(model, seed: 5, strength: 0.2) { $0.type.isFloat }
        #expect(!made.file.pairs.isEmpty)
        var patched = try PatchedModel(GGUFFile.open(path: path))
        for pair in made.file.pairs {
            let index = try #require(patched.tensors.firstIndex { $0.name == pair.name })
            var values = floats(patched.tensors[index])
            for (place, value) in pair.product.enumerated() { values[place] += 0.75 * value }
            patched.tensors[index].data = values.withUnsafeBytes { Array($0) }
            patched.tensors[index].type = .f32
        }
        let ids = try texts(FamilyModel.named(name).load())[0]
        let expected = try patched.withFile { file in
            let session = try Session(LanguageModel(file), options())
            try session.evaluate(ids)
            return session.logits
        }
        let session = try Session(model, options(AdapterSelection([(made.adapter, 0.75)])))
        try session.evaluate(ids)
        #expect(worstError(session.logits, expected) < 0.001)
        let plain = try Session(model, options())
        try plain.evaluate(ids)
        #expect(worstError(plain.logits, expected) > 0.01)
    }

    @Test("other adapters make a sequence begin anew, the same ones do not; sessions likewise")
    func switching() throws {
        let tiny = try FamilyModel.named("qwen3").load()
        let selections = try selections(tiny.model)
        let ids = texts(tiny)[0]
        let engine = try BatchEngine(tiny.model, options(), slots: 1)
        let session = try Session(tiny.model, options())
        for selection in [selections[1], selections[0], selections[3], selections[1]] {
            engine.adapt(0, with: selection)
            session.adapters = selection
            #expect(engine.position(of: 0) == 0 && session.position == 0)
            try engine.evaluate([SlotInput(slot: 0, ids: Array(ids[..<20]), wantsLogits: false)]) { _, _ in }
            try session.evaluate(Array(ids[..<20]))
            engine.rest(0)
            engine.adapt(0, with: selection)
            session.adapters = selection
            #expect(engine.position(of: 0) == 20 && session.position == 20)
            let alone = try Session(tiny.model, options(selection))
            try alone.evaluate(Array(ids[..<30]))
            try session.evaluate(Array(ids[20..<30]))
            #expect(worstError(session.logits, alone.logits) < 0.001)
            try engine.evaluate([SlotInput(slot: 0, ids: Array(ids[20..<30]), wantsLogits: true)]) { _, logits in
                #expect(Array(logits) == session.logits)
            }
        }
    }

    @Test("selections are the same by what they do, not by how they were put together")
    func equality() throws {
        let tiny = try FamilyModel.named("qwen3").load()
        let (one, two) = (try Made(tiny.model, seed: 1).adapter, try Made(tiny.model, seed: 2).adapter)
        let again = try Made(tiny.model, seed: 1).adapter
        #expect(
            AdapterSelection([(one, 1), (two, 0.5)]) == AdapterSelection([(two, 0.5), (again, 0.25), (one, 0.75)]))
        #expect(AdapterSelection([(one, 1), (two, 0)]) == AdapterSelection([(one, 1)]))
        #expect(AdapterSelection([(one, 1), (again, -1)]) == .none && AdapterSelection.none.isEmpty)
        #expect(AdapterSelection([(one, 1)]) != AdapterSelection([(one, 0.5)]))
        #expect(AdapterSelection([(one, 1)]) != AdapterSelection([(two, 1)]))
    }

    @Test(
        "prefixes serve those who read with the same adapters only, from slots, memory and disk",
        arguments: ["qwen3", "qwen3next"], [1, 2] as [UInt64])
    func prefixes(_ name: String, _ seed: UInt64) throws {
        let tiny = try FamilyModel.named(name).load()
        let selections = try selections(tiny.model)
        let ids = tiny.prompt + tiny.decode
        let texts = [ids + ids.reversed() + ids + ids.reversed(), ids + ids + ids + ids]
        var random = SplitMix64(seed: seed)
        let folder = try TemporaryFolder()
        var limits = PrefixCacheOptions()
        (limits.memory, limits.folder) = (1 << 20, folder.path)
        let session = options(context: 512)
        var known: [[Int]: [Float]] = [:]
        var helped = 0
        for _ in 0..<3 {
            // Begins anew with what is on disk.
            let engine = try BatchEngine(tiny.model, session, slots: 2)
            let cache = try #require(PrefixCache(engine, limits, session))
            for _ in 0..<20 {
                let (slot, text, who) = (random.below(2), random.below(2), random.below(selections.count))
                let prompt = Array(texts[text].prefix([40, 300, 315][random.below(3)]))
                engine.adapt(slot, with: selections[who])
                let shared = zip(engine.tokens(of: slot), prompt).prefix { $0 == $1 }.count
                engine.truncate(slot, to: min(shared, prompt.count - 1))
                let held = cache.fill(slot, for: prompt)
                helped += held > 0 ? 1 : 0
                #expect(engine.tokens(of: slot) == Array(prompt[..<held]))
                var row: [Float] = []
                try engine.evaluate([SlotInput(slot: slot, ids: Array(prompt[held...]), wantsLogits: true)]) {
                    row = Array($1)
                }
                cache.keep(slot, .read)
                cache.keep(slot, .done)
                engine.rest(slot)
                let key = [text, who, prompt.count]
                if known[key] == nil {
                    let alone = try Session(tiny.model, options(selections[who], context: 512))
                    try alone.evaluate(prompt)
                    known[key] = alone.logits
                }
                #expect(worstError(row, known[key] ?? []) < 0.001)
            }
            cache.monitor.flush()
        }
        #expect(helped > 10)
    }
}
