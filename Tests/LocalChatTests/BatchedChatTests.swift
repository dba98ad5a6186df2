import Chat
import Generation
import LocalChat
import Synchronization
import TestSupport
import Testing
import Tokenization

/// On the small model, like the tests of `TextGenerator`, which answers one prompt at a time.
@Suite("Several conversations at a time")
struct BatchedChatTests {
    private let model: LoadedModel

    init() throws { model = try LoadedModel(path: TestModel.path(of: TestModel.smollm2)) }

    /// Where drafts come from.
    enum Drafts: CaseIterable { case none, lookup, model }

    private func chat(sequences: Int, context: Int = 1024, drafts: Drafts = .none) throws -> LocalChatModel {
        var options = SessionOptions()
        (options.context, options.lookup) = (context, drafts == .lookup)
        // No smaller model of this family is at hand: it drafts for itself, and is right but for roundings.
        return try LocalChatModel(model, options, sequences: sequences, draft: drafts == .model ? model : nil)
    }

    private func options(maxTokens: Int?) -> ResponseOptions {
        var options = ResponseOptions()
        options.maxTokens = maxTokens
        options.logProbabilities = 20
        return options
    }

    private struct Answer: Sendable {
        var text = ""
        var tokens: [TokenChoice] = []
        var progress: [Int] = []
        var summary: ResponseSummary?
    }

    private func answer(
        _ chat: LocalChatModel, _ messages: [Message], _ options: ResponseOptions
    ) async throws -> Answer {
        var answer = Answer()
        for try await event in chat.respond(to: messages, options: options) {
            switch event {
            case .text(let piece): answer.text += piece
            case .token(let choice): answer.tokens.append(choice)
            case .reading(let done, _): answer.progress.append(done)
            case .finished(let summary): answer.summary = summary
            case .thinking, .callBegan, .callArguments, .callEnded: break
            }
        }
        return answer
    }

    private let questions = [
        "What is the capital of France?", "Write a haiku about rain.", "Count from one to ten.",
        "Name three colours.", "Why is the sky blue?", "What does a compiler do?",
        String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 60) + "Who jumps?",
    ]

    @Test("tells what it does: slots while answers are made, and counters that match them", arguments: [1, 3])
    func status(sequences: Int) async throws {
        let chat = try chat(sequences: sequences)
        #expect(chat.status.slots.count == sequences)
        var (read, generated) = (0, 0)
        for question in questions.prefix(2) + questions.prefix(1) {
            for try await event in chat.respond(to: [Message(.user, question)], options: options(maxTokens: 12)) {
                guard case .finished(let summary) = event else { continue }
                read += summary.promptTokens - summary.reusedTokens
                generated += summary.generatedTokens
            }
        }
        // The end is written down after the last event has left.
        while chat.status.slots.contains(where: { $0.state != .idle }) { await Task.yield() }
        let status = chat.status
        #expect(status.readTokens == read && status.generatedTokens == generated)
        #expect(status.waiting == 0 && status.slots.contains { $0.heldTokens > 0 })
        let abandoned = Task {
            for try await _ in chat.respond(
                to: [Message(.user, "Write a long story about a bird.")], options: options(maxTokens: 900))
            {}
        }
        while !chat.status.slots.contains(where: { $0.state == .generating }) { await Task.yield() }
        abandoned.cancel()
        while chat.status.slots.contains(where: { $0.state != .idle }) { await Task.yield() }
        #expect(chat.status.generatedTokens > generated)
    }

    @Test(
        "conversations that are answered together get what each gets alone, but for near-ties, with drafts or without",
        arguments: Drafts.allCases)
    func together(_ drafts: Drafts) async throws {
        let (alone, together) = (try chat(sequences: 1), try chat(sequences: 4, drafts: drafts))
        let options = options(maxTokens: 24)
        let found = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for (index, question) in questions.enumerated() {
                group.addTask { (index, try await answer(together, [Message(.user, question)], options)) }
            }
            return try await group.reduce(into: [Int: Answer]()) { $0[$1.0] = $1.1 }
        }
        var same = 0
        for (index, question) in questions.enumerated() {
            let expected = try await answer(alone, [Message(.user, question)], options)
            let answer = try #require(found[index])
            #expect(answer.summary?.promptTokens == expected.summary?.promptTokens)
            #expect(answer.summary?.generatedTokens == answer.tokens.count)
            let shared = zip(answer.tokens, expected.tokens).prefix { $0.taken.id == $1.taken.id }.count
            guard shared < max(answer.tokens.count, expected.tokens.count) else {
                #expect(answer.text == expected.text && answer.summary?.reason == expected.summary?.reason)
                same += 1
                continue
            }
            // Few rows are multiplied by 4-bit weights, many by weights that are rounded again, and a prompt is cut in
            // another way here: in a model this small that moves a logit by some tenths. One may end where the other
            // goes on, and then only that one has a token here. Where several tokens are about as likely, it may be
            // any of them.
            let choices = [expected, answer].compactMap { $0.tokens.dropFirst(shared).first }
            let rivals = choices[0].likeliest
            let rival = choices.count < 2 ? rivals[1] : rivals.first { $0.id == choices[1].taken.id }
            let gap = try #require(rival.map { rivals[0].logProbability - $0.logProbability }, "\(question)")
            #expect(gap < 1.5, "\(question)")
        }
        #expect(same >= questions.count / 3)
    }

    @Test("a model of another vocabulary cannot draft")
    func foreignDraft() throws {
        let other = try LoadedModel(path: TestModel.path(of: TestModel.qwen))
        let error = try #require(throws: LocalChatError.self) {
            try LocalChatModel(model, SessionOptions(), draft: other)
        }
        #expect("\(error)".contains("token 0 is another one"), "\(error)")
    }

    @Test("the next turn of each conversation keeps what its slot has read")
    func turns() async throws {
        let chat = try chat(sequences: 3)
        // Of different words, and longer than the system message that the template gives to all.
        var conversations = ["red", "seven", "tree"].map { word in
            [Message(.user, String(repeating: word + " ", count: 80))]
        }
        var read = [0, 0, 0]
        for _ in 0..<3 {
            for index in conversations.indices {
                let answer = try await answer(chat, conversations[index], options(maxTokens: 8))
                let summary = try #require(answer.summary)
                #expect(summary.reusedTokens >= read[index])
                read[index] = summary.promptTokens
                conversations[index] += [Message(.assistant, answer.text), Message(.user, "And then?")]
            }
        }
    }

    @Test("conversations that share one slot read what is new only, also after a restart")
    func prefixes() async throws {
        let folder = try TemporaryFolder()
        var session = SessionOptions()
        session.context = 1024
        var prefixes = PrefixCacheOptions()
        (prefixes.memory, prefixes.folder) = (256 << 20, folder.path)
        func chat() throws -> LocalChatModel {
            try LocalChatModel(model, session, sequences: 1, prefixes: prefixes)
        }
        var conversations = ["red", "seven", "tree"].map { word in
            [Message(.system, "Be brief."), Message(.user, String(repeating: word + " ", count: 300))]
        }
        var read = [0, 0, 0]
        var chats = [try chat()]
        for round in 0..<4 {
            if round == 2 {
                chats[0].prefixes?.flush()
                chats.append(try chat())
            }
            for index in conversations.indices {
                // Each time another line that models do not need.
                var messages = conversations[index]
                messages[0].content = "x-anthropic-billing-header: cch=\(round)\(index);\n" + messages[0].content
                let answer = try await answer(chats.last!, messages, options(maxTokens: 8))
                let summary = try #require(answer.summary)
                #expect(summary.reusedTokens >= read[index], "round \(round)")
                read[index] = summary.promptTokens
                conversations[index] += [Message(.assistant, answer.text), Message(.user, "And then?")]
            }
        }
        let (first, second) = (chats[0].prefixes?.counters, chats[1].prefixes?.counters)
        #expect(first?.memoryHits ?? 0 >= 3 && first?.diskHits == 0)
        #expect(second?.diskHits == 3 && second?.damagedFiles == 0)
    }

    @Test(
        "ends are what they are alone: stop texts, limits, a full context, samplers of their own",
        arguments: Drafts.allCases)
    func ends(_ drafts: Drafts) async throws {
        let chat = try chat(sequences: 4, context: 128, drafts: drafts)
        var stops = options(maxTokens: 60)
        stops.stops = ["e"]
        var unlimited = options(maxTokens: 1)
        unlimited.maxTokens = nil
        // The end of the turn is out of reach.
        unlimited.logitBias = Dictionary(
            uniqueKeysWithValues: model.tokenizer.endOfGenerationIDs.map { ($0, -100) })
        let count = [Message(.user, "Count from 1 to 10 in digits.")]
        async let stopped = answer(chat, count, stops)
        async let limited = answer(chat, count, options(maxTokens: 3))
        async let full = answer(chat, count, unlimited)
        let found = try await [stopped, limited, full]
        #expect(found[1].summary?.reason == .maxTokens && found[2].summary?.reason == .contextFull)
        #expect(found[0].summary?.reason == .stopText && !found[0].text.contains("e"))
        let nothing = try await answer(chat, count, options(maxTokens: 0))
        #expect(nothing.text.isEmpty && nothing.summary?.reason == .maxTokens)
    }

    @Test("the same seed draws the same, whatever else draws meanwhile", arguments: Drafts.allCases)
    func seeds(_ drafts: Drafts) async throws {
        let chat = try chat(sequences: 4, context: 128, drafts: drafts)
        let count = [Message(.user, "Count from 1 to 10 in digits.")]
        var drawn: [[Int32]] = []
        for seed in 1...16 {
            // Four tokens of about the same chance, so that it is the seed that decides.
            let drawing = [seed, seed + 100, seed].map { seed in
                var random = options(maxTokens: 1)
                (random.temperature, random.topK, random.seed) = (10, 4, UInt64(seed))
                return random
            }
            async let first = answer(chat, count, drawing[0])
            async let between = answer(chat, count, drawing[1])
            async let second = answer(chat, count, drawing[2])
            let answers = try await [first, between, second]
            drawn.append([answers[0], answers[2]].flatMap { $0.tokens.map(\.taken.id) })
        }
        // Passes of different sizes round differently: a draw that falls on the border of two tokens may take either.
        // Of draws that had nothing in common, a quarter would be the same.
        #expect(drawn.allSatisfy { $0.count == 2 })
        #expect(drawn.count { $0.first == $0.last } >= 13)
        #expect(Set(drawn.map(\.first)).count > 1)
    }

    @Test("those who leave, reading or answering, make room for those who wait")
    func abandoned() async throws {
        let chat = try chat(sequences: 2, context: 4096)
        let long = String(repeating: "one two three four ", count: 800)
        for _ in 0..<3 {
            for try await event in chat.respond(to: [Message(.user, long)], options: options(maxTokens: 3000)) {
                if case .reading = event { break }
            }
            for try await event in chat.respond(
                to: [Message(.user, "Write a long story.")], options: options(maxTokens: 3000))
            {
                if case .text = event { break }
            }
        }
        let last = try await answer(chat, [Message(.user, questions[0])], options(maxTokens: 8))
        #expect(last.text.contains("Paris"))
    }

    @Test("long prompts report how far they are")
    func progress() async throws {
        let chat = try chat(sequences: 2, context: 4096)
        let long = String(repeating: "one two three four ", count: 400)
        let found = try await answer(chat, [Message(.user, long)], options(maxTokens: 2))
        #expect(found.progress.first == 0 && found.progress.count >= 3)
        #expect(found.progress == found.progress.sorted())
    }

    @Test("an answer whose time is over ends with what there is; one that had none is refused", arguments: [1, 2])
    func timeLimit(sequences: Int) async throws {
        let chat = try chat(sequences: sequences, context: 8192)
        var late = options(maxTokens: nil)
        late.logitBias = Dictionary(uniqueKeysWithValues: model.tokenizer.endOfGenerationIDs.map { ($0, -100) })
        late.timeLimit = 2
        do {
            let summary = try #require(try await answer(chat, [Message(.user, "Write a long story.")], late).summary)
            #expect(summary.reason == .timeLimit && summary.generatedTokens > 0)
        } catch RequestRefusal.timeLimit {
            // On a machine that is busy enough nothing is there by then.
        }
        late.timeLimit = 1e-6
        await #expect(throws: RequestRefusal.timeLimit(seconds: 1e-6)) {
            _ = try await answer(chat, [Message(.user, "Write a long story.")], late)
        }
    }

    @Test("refuses what does not fit, and more than may wait")
    func refusals() async throws {
        var limits = BatchLimits(slots: 1)
        limits.queue = 1
        var session = SessionOptions()
        session.context = 512
        let generator = try BatchedTextGenerator(model, session, limits)
        let results = Results()
        func generate(_ prompt: [TokenID]) {
            generator.generate(
                prompt, options(maxTokens: 400), isCancelled: { results.isStopped },
                report: { _ in }, finish: { results.add($0) })
        }
        generate([TokenID](repeating: 1, count: 513))
        generate([])
        for id in 1...5 { generate([TokenID](repeating: TokenID(id), count: 20)) }
        while results.count < 4 { try await Task.sleep(for: .milliseconds(20)) }
        let refused = results.failures
        #expect(refused.contains { $0 is SessionError })
        #expect(refused.contains { if case LocalChatError.busy = $0 { true } else { false } })
        results.stop()
        while results.count < 7 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(results.summaries.count == 2)
    }
}

/// What a generator told, on its thread.
private final class Results: Sendable {
    private let state = Mutex<(results: [Result<ResponseSummary, any Error>], isStopped: Bool)>(([], false))

    func stop() { state.withLock { $0.isStopped = true } }
    func add(_ result: Result<ResponseSummary, any Error>) { state.withLock { $0.results.append(result) } }
    var isStopped: Bool { state.withLock { $0.isStopped } }
    var count: Int { state.withLock { $0.results.count } }

    var failures: [any Error] {
        state.withLock { $0.results.compactMap { if case .failure(let error) = $0 { error } else { nil } } }
    }

    var summaries: [ResponseSummary] { state.withLock { $0.results.compactMap { try? $0.get() } } }
}
