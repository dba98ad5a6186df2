import Chat
import Residency
import Synchronization
import Testing

@Suite("Model pool")
struct ModelPoolTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "the file is broken" }
    }

    /// A pool of models that take 4 bytes each.
    private func pool(
        models count: Int = 2, budget: Int = 4, keepAlive: Double = .infinity, waitingLimit: Int = 64, _ stage: Stage
    ) -> ModelPool {
        let entries = (0..<count).map { index in
            PoolEntry(name: "model \(index)", byteCount: 4) { try await stage.open(index, $0) }
        }
        return ModelPool(
            entries, budget: budget, keepAlive: keepAlive, waitingLimit: waitingLimit, report: { stage.note($0) })
    }

    private func model(_ pool: ModelPool, _ index: Int) -> PooledTextModel {
        PooledTextModel(pool, index, contextLength: 100, facts: ModelFacts())
    }

    private func ask(_ model: PooledTextModel, _ text: String, _ options: ResponseOptions = ResponseOptions())
        async throws -> String
    {
        var answer = ""
        for try await event in model.complete(TextPrompt(text), options: options) {
            if case .text(let piece) = event { answer += piece }
        }
        return answer
    }

    @Test("two models in the room of one take turns, and count what they did in all their lives")
    func turns() async throws {
        let stage = Stage()
        let pool = pool(stage)
        for round in 0..<3 {
            for index in 0..<2 {
                #expect(try await ask(model(pool, index), "round \(round)") == "\(index): round \(round)")
            }
        }
        #expect(stage.mostOpen == 1)
        #expect(pool.residence(of: 0).loads == 3 && pool.residence(of: 0).unloads == 3)
        #expect(pool.residence(of: 1).state == .loaded && pool.residence(of: 1).users == 0)
        #expect(pool.status(of: 0).generatedTokens == 3 && pool.status(of: 1).generatedTokens == 3)
        #expect(pool.status(of: 0).cache?.lookups == 3 && pool.status(of: 0).cache?.bytes == 17)
        await pool.close()
        #expect(stage.open == 0)
        #expect(stage.events.filter { $0.hasPrefix("loaded") }.count == 6)
    }

    @Test("many at once, some of which leave: all others are answered, and never more is open than fits")
    func crowd() async throws {
        let stage = Stage()
        let pool = pool(models: 4, budget: 8, waitingLimit: 200, stage)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<120 {
                let model = model(pool, number % 4)
                let task = Task { try await ask(model, "\(number)") }
                if number % 5 == 0 { task.cancel() }
                group.addTask {
                    let answer = try? await task.value
                    if number % 5 != 0 { #expect(answer == "\(number % 4): \(number)") }
                }
            }
        }
        #expect(stage.mostOpen <= 2)
        for index in 0..<4 { #expect(pool.residence(of: index).users == 0) }
        await pool.close()
        #expect(stage.open == 0)
    }

    @Test("a load that fails is the error of those who wait for it, with the model's name; the next one tries again")
    func failure() async throws {
        let stage = Stage()
        let pool = pool(stage)
        stage.fail(with: Broken())
        let error = await #expect(throws: ModelLoadError.self) { try await ask(model(pool, 0), "a") }
        #expect("\(try #require(error))" == "'model 0' cannot be loaded: the file is broken")
        stage.fail(with: nil)
        #expect(try await ask(model(pool, 0), "a") == "0: a")
        #expect(pool.residence(of: 0).failedLoads == 1 && pool.residence(of: 0).loads == 1)
    }

    @Test("who gives up while a model is on its way is let go at once")
    func cancellation() async throws {
        let stage = Stage()
        let pool = pool(stage)
        stage.hold()
        let model = model(pool, 0)
        let task = Task { try await pool.withModel(0) { _ in } }
        await stage.waitUntil { $0.opening == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // A request's own time ends its waiting, too.
        var options = ResponseOptions()
        options.timeLimit = 0.01
        let error = await #expect(throws: RequestRefusal.self) { try await ask(model, "a", options) }
        #expect(error == .timeLimit(seconds: 0.01))
        stage.letGo()
        #expect(try await ask(model, "b") == "0: b")
    }

    @Test("a load that takes long shows in the stream")
    func progress() async throws {
        let stage = Stage()
        let pool = pool(stage)
        stage.hold()
        var events: [ChatEvent] = []
        for try await event in model(pool, 0).complete(TextPrompt("a"), options: ResponseOptions()) {
            if events.isEmpty { stage.letGo() }
            events.append(event)
        }
        #expect(events.first == .reading(done: 0, total: 0))
        #expect(events.contains(.text("0: a")))
    }

    @Test("leaves when it has rested for long enough, or was told to")
    func timeToLive() async throws {
        let stage = Stage()
        let pool = pool(budget: 8, keepAlive: 0.01, stage)
        _ = try await ask(model(pool, 0), "a")
        await stage.waitUntil { $0.events.contains("unloaded model 0") }
        var options = ResponseOptions()
        options.keepAlive = .infinity
        _ = try await ask(model(pool, 0), "a", options)
        #expect(pool.residence(of: 0).secondsLeft == nil && pool.residence(of: 0).state == .loaded)
        options.keepAlive = 500
        _ = try await ask(model(pool, 0), "a", options)
        #expect(try #require(pool.residence(of: 0).secondsLeft) > 1)
        model(pool, 0).unload()
        await stage.waitUntil { $0.events.filter { $0 == "unloaded model 0" }.count == 2 }
        try await model(pool, 1).load(keepAlive: .infinity)
        #expect(pool.residence(of: 1).state == .loaded)
    }

    @Test("what never fits is refused, and so is who would wait behind too many")
    func refusals() async throws {
        let stage = Stage()
        let small = pool(budget: 3, stage)
        let error = await #expect(throws: RequestRefusal.self) { try await ask(model(small, 0), "a") }
        let reason = if case .unsupported(let reason)? = error { reason } else { "" }
        #expect(reason.contains("'model 0'") && reason.contains("--memory"))
        let pool = pool(budget: 4, waitingLimit: 0, stage)
        try await pool.withModel(0) { _ in
            let busy = try await #require(throws: RequestRefusal.self) { try await ask(model(pool, 1), "a") }
            #expect(busy == .busy(waiting: 0))
            // Where nothing has to make room, nobody waits.
            let answer = try await ask(model(pool, 0), "a")
            #expect(answer == "0: a")
        }
    }

    @Test("adapters come back with their model, and can be changed while it is away")
    func adapters() async throws {
        let stage = Stage()
        let pool = pool(stage)
        let model = model(pool, 0)
        for name in ["a", "b", "c"] { try await model.loadAdapter(name, from: "/" + name, replaces: false) }
        try model.setAdapterScales([1: 0.5])
        let before = model.adapters
        #expect(before.map(\.scale) == [0, 0.5, 0])
        try await pool.withModel(1) { _ in }
        #expect(pool.residence(of: 0).state == .unloaded && model.adapters == before)
        try model.unloadAdapter("a")
        try model.setAdapterScales([2: 0.25])
        #expect(throws: RequestRefusal.unknownAdapter("a", known: ["b", "c"])) { try model.unloadAdapter("a") }
        #expect(throws: RequestRefusal.unknownAdapter("0", known: ["1", "2"])) { try model.setAdapterScales([0: 1]) }
        try await model.load(keepAlive: nil)
        #expect(model.adapters.map(\.name) == ["b", "c"] && model.adapters.map(\.scale) == [0, 0.25])
    }

    @Test("vectors and prompts are looked up in models that come on demand")
    func others() async throws {
        let stage = Stage()
        let pool = pool(stage)
        let vectors = PooledEmbeddingModel(pool, 1, dimensions: 2, longestText: 9, scoresPairs: false)
        #expect(try await model(pool, 0).tokenCount(of: [Message(.user, "abc")], tools: []) == 3)
        #expect(try await vectors.embed([.text("a")]).vectors == [[0, 1]])
        #expect(pool.residence(of: 0).unloads == 1)
    }
}

/// Where the models of a test come from: counts those that are open, holds them up, and lets them fail.
private final class Stage: Sendable {
    private struct State {
        var open = 0
        var mostOpen = 0
        var opening = 0
        var failure: (any Error)?
        var isHeld = false
        var events: [String] = []
    }
    private let state = Mutex(State())

    var open: Int { state.withLock { $0.open } }
    var mostOpen: Int { state.withLock { $0.mostOpen } }
    var opening: Int { state.withLock { $0.opening } }
    var events: [String] { state.withLock { $0.events } }
    func fail(with error: (any Error)?) { state.withLock { $0.failure = error } }
    func hold() { state.withLock { $0.isHeld = true } }
    func letGo() { state.withLock { $0.isHeld = false } }

    func note(_ event: PoolEvent) {
        state.withLock { state in
            switch event {
            case .loaded(let name, _, _): state.events.append("loaded \(name)")
            case .unloaded(let name): state.events.append("unloaded \(name)")
            case .loadFailed(let error): state.events.append("failed \(error.name)")
            }
        }
    }

    func waitUntil(_ condition: (Stage) -> Bool) async {
        while !condition(self) { try? await Task.sleep(for: .milliseconds(1)) }
    }

    func open(_ index: Int, _ adapters: [AdapterFacts]?) async throws -> OpenedModel {
        state.withLock { $0.opening += 1 }
        await waitUntil { stage in stage.state.withLock { !$0.isHeld } }
        try state.withLock { state in
            state.opening -= 1
            if let failure = state.failure { throw failure }
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
        }
        let parrot = Parrot(index: index, adapters ?? [])
        return OpenedModel(text: parrot, vectors: parrot, prefixBytes: { 17 }) {
            await Task.yield()
            self.state.withLock { $0.open -= 1 }
        }
    }
}

/// Says its number and what it was asked.
private final class Parrot: TextModel, EmbeddingModel, StatusReporting, PromptInspection, AdapterHosting {
    let index: Int
    private let answers = Mutex(0)

    private let hosted: Mutex<[AdapterFacts]>

    init(index: Int, _ adapters: [AdapterFacts]) {
        self.index = index
        hosted = Mutex(adapters)
    }

    var adapters: [AdapterFacts] { hosted.withLock { $0 } }
    func loadAdapter(_ name: String, from path: String, replaces: Bool) {
        hosted.withLock {
            $0.append(AdapterFacts(id: $0.count, name: name, path: path, usualScale: 1, scale: 0))
        }
    }
    func unloadAdapter(_ name: String) { hosted.withLock { $0.removeAll { $0.name == name } } }
    func setAdapterScales(_ scales: [Int: Double]) {
        hosted.withLock { for index in $0.indices { $0[index].scale = scales[$0[index].id] ?? 0 } }
    }

    var contextLength: Int { 100 }
    var dimensions: Int { 2 }
    var longestText: Int { 9 }
    var scoresPairs: Bool { false }
    var facts: ModelFacts { ModelFacts() }

    var status: ModelStatus {
        let count = answers.withLock { $0 }
        return ModelStatus(
            slots: [ModelStatus.Slot()], generatedTokens: count,
            cache: ModelStatus.PrefixCache(bytes: 99, capacityBytes: nil, lookups: count, hits: 0, reusedTokens: 0))
    }

    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        complete(TextPrompt(messages.last?.content ?? ""), options: options)
    }

    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            answers.withLock { $0 += 1 }
            continuation.yield(.reading(done: 0, total: 1))
            continuation.yield(.text("\(index): \(prompt.text ?? "")"))
            continuation.finish()
        }
    }

    func promptText(of messages: [Message], tools: [ToolDefinition]) -> String { messages.map(\.content).joined() }
    func tokenCount(of messages: [Message], tools: [ToolDefinition]) -> Int {
        promptText(of: messages, tools: tools).utf8.count
    }
    func tokens(of text: String, addsSequenceTokens: Bool, readsControlTokens: Bool) -> [TextToken] { [] }
    func bytes(of tokens: [Int32]) -> [UInt8]? { nil }

    func embed(_ texts: [EmbeddingInput]) -> Embeddings { Embeddings(vectors: [[0, Float(index)]], tokens: 1) }
    func score(_ documents: [String], for query: String) throws -> PairScores { throw EmbeddingRefusal.scoresNoPairs }
}
