import Architectures
import Foundation
import Generation
import Tensors
import TestSupport
import Testing

@Suite("Cache of prefixes")
struct PrefixCacheTests {
    private func options(_ kv: KVType, context: Int = 128) -> SessionOptions {
        var options = SessionOptions()
        (options.kv, options.context, options.threads) = (kv, context, 2)
        return options
    }

    private func limits(_ memory: Int = 256 << 20, folder: String? = nil, disk: Int = 1 << 30) -> PrefixCacheOptions {
        var limits = PrefixCacheOptions()
        (limits.memory, limits.folder, limits.disk) = (memory, folder, disk)
        return limits
    }

    /// Evaluates tokens in a slot; the logits after the last.
    @discardableResult
    private func evaluate(_ engine: BatchEngine, _ slot: Int, _ ids: [Int32]) throws -> [Float] {
        var row: [Float] = []
        try engine.evaluate([SlotInput(slot: slot, ids: ids, wantsLogits: true)]) { row = Array($1) }
        return row
    }

    /// Logits after `ids`, evaluated alone in one batch.
    private func expected(_ tiny: TinyModel, _ ids: [Int32]) throws -> [Float] {
        let session = try Session(tiny.model, options(.f32, context: max(128, ids.count)))
        try session.evaluate(ids)
        return session.logits
    }

    @Test(
        "a slot that is filled goes on with the bits of the slot that it came from", arguments: FamilyModel.all,
        KVType.allCases)
    func exact(_ family: FamilyModel, _ kv: KVType) throws {
        let tiny = try family.load()
        guard tiny.model.decoder.supports(kv) else { return }
        let session = options(kv)
        let engine = try BatchEngine(tiny.model, session, slots: 2)
        guard let cache = PrefixCache(engine, limits(), session) else {
            // Windows of latest rows and unfinished compressed ones cannot be copied.
            #expect(tiny.model.hyperparameters.architecture == "deepseek4")
            return
        }
        let ids = tiny.prompt + tiny.decode
        #expect(cache.fill(0, for: ids) == 0)
        try evaluate(engine, 0, Array(ids[..<40]))
        cache.keep(0, .reading)
        try evaluate(engine, 0, Array(ids[40..<64]))
        cache.keep(0, .read)
        for id in ids[64..<75] { try evaluate(engine, 0, [id]) }
        cache.keep(0, .done)
        #expect(cache.fill(1, for: Array(ids[..<76])) == 75)
        #expect(engine.tokens(of: 1) == Array(ids[..<75]))
        for id in ids[75..<80] { #expect(try evaluate(engine, 1, [id]) == evaluate(engine, 0, [id])) }
        // Another text takes the slot, and the first one comes back.
        engine.truncate(1, to: 0)
        try evaluate(engine, 1, ids.reversed())
        cache.keep(1, .done)
        engine.truncate(1, to: 0)
        engine.truncate(0, to: 0)
        #expect(cache.fill(0, for: ids) == 75)
        try evaluate(engine, 0, Array(ids[75..<78]))
        #expect(cache.fill(1, for: ids) == 75)
        #expect(try evaluate(engine, 1, Array(ids[75..<78]) + [ids[78]]).count == tiny.logits[0].count)
        let counters = cache.monitor.counters
        #expect(counters.memoryHits == 3 && counters.memoryTokens == 225 && counters.slotHits == 0)
    }

    @Test("an answer whose last drafts were rejected is kept to its end", arguments: FamilyModel.all)
    func rejectedDrafts(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let session = options(.f32)
        let engine = try BatchEngine(tiny.model, session, slots: 2)
        guard let cache = PrefixCache(engine, limits(), session) else { return }
        let ids = tiny.prompt + tiny.decode
        try evaluate(engine, 0, Array(ids[..<60]))
        cache.keep(0, .read)
        // Of these eight the first three turn out to be right.
        try evaluate(engine, 0, Array(ids[60..<63]) + ids.reversed().prefix(5))
        #expect(engine.truncate(0, to: 63) == 63)
        cache.keep(0, .done)
        #expect(cache.fill(1, for: ids) == 63)
        let tolerance = family.isExact ? 0.001 : 2 * family.tolerance
        #expect(worstError(try evaluate(engine, 1, [ids[63]]), try expected(tiny, Array(ids[..<64]))) < tolerance)
    }

    @Test("texts that part from a kept one in the middle have their own logits", arguments: FamilyModel.all)
    func parting(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let session = options(.f32)
        let engine = try BatchEngine(tiny.model, session, slots: 1)
        guard let cache = PrefixCache(engine, limits(), session) else { return }
        let ids = tiny.prompt + tiny.decode
        try evaluate(engine, 0, ids)
        cache.keep(0, .done)
        let tolerance = family.isExact ? 0.001 : 2 * family.tolerance
        for shared in [79, 64, 50, 33, 32, 31, 1, 0] {
            let text = Array(ids[..<shared]) + ids.reversed().prefix(80 - shared)
            engine.truncate(0, to: 0)
            let held = cache.fill(0, for: text)
            // A state serves where it was taken only.
            #expect(held == shared || (held <= shared && tiny.model.isRecurrent))
            let row = try evaluate(engine, 0, Array(text[held...]))
            #expect(worstError(row, try expected(tiny, text)) < tolerance, "\(shared) shared")
            cache.keep(0, .done)
        }
    }

    /// 600 tokens of a model of two layers.
    private func long(_ tiny: TinyModel, seed: UInt64, count: Int = 600) -> [Int32] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Int32(random.below(tiny.model.hyperparameters.vocabulary)) }
    }

    private static let kinds = ["llama-linear-f32", "qwen3next"]

    private func tiny(_ name: String) throws -> TinyModel {
        try FamilyModel.all.first { $0.name == name }?.load() ?? TinyModel(name)
    }

    @Test("what is on disk serves the next process, to the bit", arguments: kinds, [KVType.f16, .f32])
    func restart(_ name: String, _ kv: KVType) throws {
        let (tiny, folder) = (try tiny(name), try TemporaryFolder())
        let session = options(kv, context: 1024)
        let ids = long(tiny, seed: 1)
        var rows: [[Float]] = []
        do {
            let engine = try BatchEngine(tiny.model, session, slots: 1)
            let cache = try #require(PrefixCache(engine, limits(folder: folder.path), session))
            try evaluate(engine, 0, Array(ids[..<500]))
            cache.keep(0, .read)
            try evaluate(engine, 0, Array(ids[500..<590]))
            cache.keep(0, .done)
            cache.monitor.flush()
            for id in ids[590...] { rows.append(try evaluate(engine, 0, [id])) }
            let counters = cache.monitor.counters
            #expect(counters.savedFiles == counters.diskFiles && counters.savedFiles >= 3)
        }
        let engine = try BatchEngine(tiny.model, session, slots: 1)
        let cache = try #require(PrefixCache(engine, limits(folder: folder.path), session))
        #expect(cache.fill(0, for: ids) == 590)
        for (id, row) in zip(ids[590...], rows) { #expect(try evaluate(engine, 0, [id]) == row) }
        // It is in memory from now on.
        engine.truncate(0, to: 0)
        #expect(cache.fill(0, for: ids) == 590)
        let counters = cache.monitor.counters
        #expect(counters.diskHits == 1 && counters.diskTokens == 590 && counters.memoryHits == 1)
        // A conversation that goes on replaces its last file only.
        try evaluate(engine, 0, Array(ids[590...]))
        cache.keep(0, .done)
        cache.monitor.flush()
        #expect(cache.monitor.counters.savedFiles <= 2)
        // Other models, types of caches and contexts of other rotations share nothing.
        let other = options(kv == .f16 ? .f32 : .f16, context: 1024)
        let stranger = try BatchEngine(tiny.model, other, slots: 1)
        #expect(PrefixCache(stranger, limits(folder: folder.path), other)?.fill(0, for: ids) == 0)
    }

    @Test(
        "what a model left in shared memory serves it when it is back, and makes room for another's", arguments: kinds)
    func shared(_ name: String) throws {
        let (tiny, other) = (try tiny(name), try tiny(name == "qwen3next" ? "llama-linear-f32" : "qwen3next"))
        let session = options(.f32, context: 1024)
        let ids = long(tiny, seed: 3)
        var options = limits(0)
        let memory = PrefixMemory(byteLimit: 64 << 20)
        options.shared = memory
        var rows: [[Float]] = []
        do {
            let engine = try BatchEngine(tiny.model, session, slots: 1)
            let cache = try #require(PrefixCache(engine, options, session))
            try evaluate(engine, 0, Array(ids[..<500]))
            cache.keep(0, .done)
            for id in ids[500..<510] { rows.append(try evaluate(engine, 0, [id])) }
        }
        // Another model finds nothing, also of the same tokens, and keeps its own beside.
        let stranger = try BatchEngine(other.model, session, slots: 1)
        let foreign = try #require(PrefixCache(stranger, options, session))
        let own = ids.map { $0 % Int32(other.model.hyperparameters.vocabulary) }
        #expect(foreign.fill(0, for: own) == 0 && foreign.monitor.memoryBytes == 0)
        try evaluate(stranger, 0, Array(own[..<100]))
        foreign.keep(0, .done)
        let engine = try BatchEngine(tiny.model, session, slots: 1)
        let cache = try #require(PrefixCache(engine, options, session))
        #expect(cache.fill(0, for: ids) == 500)
        for (id, row) in zip(ids[500...], rows) { #expect(try evaluate(engine, 0, [id]) == row) }
        #expect(cache.monitor.memoryBytes > 0 && foreign.monitor.memoryBytes > 0)
        #expect(cache.monitor.memoryBytes + foreign.monitor.memoryBytes == memory.byteCount())
        // Of one limit: what the other reads makes this one's go.
        let tight = PrefixMemory(byteLimit: memory.byteCount())
        options.shared = tight
        let first = try #require(PrefixCache(engine, options, session))
        engine.truncate(0, to: 0)
        try evaluate(engine, 0, Array(ids[..<500]))
        first.keep(0, .done)
        let second = try #require(PrefixCache(stranger, options, session))
        for seed in 20..<40 {
            let text = long(other, seed: UInt64(seed), count: 900)
            stranger.truncate(0, to: 0)
            try evaluate(stranger, 0, text)
            second.keep(0, .done)
            #expect(tight.byteCount() <= tight.byteLimit)
        }
        engine.truncate(0, to: 0)
        #expect(first.fill(0, for: ids) < 500 && tight.evictions > 0)
    }

    @Test("a slot can be filled in parts, from disk and from memory", arguments: kinds, [1, 40 << 10])
    func parts(_ name: String, _ bytes: Int) throws {
        let (tiny, folder) = (try tiny(name), try TemporaryFolder())
        let session = options(.f32, context: 1024)
        let ids = long(tiny, seed: 4)
        do {
            let engine = try BatchEngine(tiny.model, session, slots: 1)
            let cache = try #require(PrefixCache(engine, limits(folder: folder.path), session))
            try evaluate(engine, 0, Array(ids[..<590]))
            cache.keep(0, .done)
            cache.monitor.flush()
        }
        let engine = try BatchEngine(tiny.model, session, slots: 1)
        let cache = try #require(PrefixCache(engine, limits(folder: folder.path), session))
        for _ in 0..<2 {
            var positions = [0]
            repeat {
                positions.append(cache.fill(0, for: ids, bytes: bytes, isMore: positions.count > 1))
            } while positions[positions.count - 1] > positions[positions.count - 2]
            #expect(positions.last == 590 && positions.count > (tiny.model.isRecurrent ? 2 : 3))
            let row = try evaluate(engine, 0, [ids[590]])
            #expect(worstError(row, try expected(tiny, Array(ids[..<591]))) < 0.001)
            engine.truncate(0, to: 0)
        }
        let counters = cache.monitor.counters
        #expect(counters.prompts == 2 && counters.diskHits == 1 && counters.memoryHits == 1)
        #expect(counters.diskTokens + counters.memoryTokens == 2 * 590)
    }

    @Test("damaged, cut off and foreign files are never used", arguments: kinds, [1, 2, 3, 4] as [UInt64])
    func damage(_ name: String, _ seed: UInt64) throws {
        let (tiny, folder) = (try tiny(name), try TemporaryFolder())
        let session = options(.f32, context: 1024)
        let ids = long(tiny, seed: 2)
        let row = try expected(tiny, ids)
        var random = SplitMix64(seed: seed)
        for _ in 0..<6 {
            let engine = try BatchEngine(tiny.model, session, slots: 1)
            let cache = try #require(PrefixCache(engine, limits(folder: folder.path), session))
            func check() throws {
                engine.truncate(0, to: 0)
                let held = cache.fill(0, for: ids)
                #expect(held < ids.count)
                #expect(worstError(try evaluate(engine, 0, Array(ids[held...])), row) < 0.001)
            }
            // Files may also break while they are in use.
            if random.below(2) == 0 { try spoil(folder.path, &random) }
            try check()
            try check()
            cache.keep(0, .done)
            cache.monitor.flush()
            try spoil(folder.path, &random)
            try check()
        }
    }

    /// Damages some files below a folder, or adds others.
    private func spoil(_ folder: String, _ random: inout SplitMix64) throws {
        let files = FileManager.default
        for name in try files.subpathsOfDirectory(atPath: folder) where name.hasSuffix(".kv") && random.below(2) == 0 {
            let url = URL(fileURLWithPath: folder + "/" + name)
            guard var bytes = try? Data(contentsOf: url), !bytes.isEmpty else { continue }
            switch random.below(6) {
            case 0: bytes = bytes.prefix(random.below(bytes.count))
            case 1: bytes.append(0)
            case 2: bytes = Data((0..<random.below(10_000)).map { _ in UInt8(random.below(256)) })
            case 3: bytes[random.below(min(4096, bytes.count))] ^= UInt8(1 << random.below(8))
            case 4:
                try files.removeItem(at: url)
                try files.createDirectory(at: url, withIntermediateDirectories: false)
                continue
            default: bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            }
            try bytes.write(to: url)
            // Where that name is a folder by now, it stays one.
            try? bytes.write(to: URL(fileURLWithPath: folder + "/" + name.dropLast(9) + "copied.kv"))
        }
    }

    @Test("keeps within its room on disk, and the newest")
    func bounds() throws {
        let (tiny, folder) = (try tiny("llama-linear-f32"), try TemporaryFolder())
        let session = options(.f32, context: 1024)
        let engine = try BatchEngine(tiny.model, session, slots: 1)
        let page = try #require(SequenceLayout(tiny.model.decoder.makeCaches(capacity: 32, kv: .f32)!)).pageByteCount
        let limit = 40 * page
        let cache = try #require(PrefixCache(engine, limits(30 * page, folder: folder.path, disk: limit), session))
        func size() throws -> Int {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".kv") }
            return try paths.reduce(0) { sum, name in
                let values = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
                return sum + ((values[.size] as? Int) ?? 0)
            }
        }
        var last: [Int32] = []
        for seed in 10..<16 {
            last = long(tiny, seed: UInt64(seed), count: 300 + 20 * seed)
            engine.truncate(0, to: 0)
            try evaluate(engine, 0, last)
            cache.keep(0, .done)
            cache.monitor.flush()
            #expect(try size() <= limit)
            #expect(cache.monitor.counters.memoryBytes <= 30 * page)
        }
        #expect(cache.monitor.counters.evictedFiles > 0 && cache.monitor.counters.evictedPages > 0)
        let next = try BatchEngine(tiny.model, session, slots: 1)
        let fresh = try #require(PrefixCache(next, limits(folder: folder.path, disk: limit), session))
        #expect(fresh.fill(0, for: last) == last.count - 1)
        #expect(PrefixCache(next, limits(0, folder: folder.path), session) == nil)
    }
}

extension LanguageModel {
    /// Whether some layers keep a state instead of rows.
    fileprivate var isRecurrent: Bool {
        decoder.makeCaches(capacity: 32, kv: .f32).flatMap { SequenceLayout($0) }.map { $0.stateByteCount > 0 } ?? false
    }
}
