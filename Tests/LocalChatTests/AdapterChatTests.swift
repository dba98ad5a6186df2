import Chat
import Generation
import LocalChat
import TestSupport
import Testing

/// On the small model, with random adapters: what they make of it is no sense, but always the same.
@Suite("Adapters of requests")
struct AdapterChatTests {
    private let model: LoadedModel
    private let folder: TemporaryFolder

    init() throws {
        model = try LoadedModel(path: TestModel.path(of: TestModel.smollm2))
        folder = try TemporaryFolder()
        for (name, seed) in [("a", 1), ("b", 2)] as [(String, UInt64)] {
            // So strong that little else counts: few tokens are left in doubt.
            try RandomAdapter(
                architecture: "llama", targets: [("blk.29.ffn_down.weight", [1536, 576])], rank: 1, strength: 30,
                seed: seed
            )
            .write(to: path(name))
        }
    }

    private func path(_ name: String) -> String { folder.path + "/\(name).gguf" }

    private func chat(sequences: Int, caches: Bool = true) async throws -> LocalChatModel {
        var options = SessionOptions()
        options.context = 512
        var prefixes = PrefixCacheOptions()
        prefixes.memory = 64 << 20
        let chat = try LocalChatModel(model, options, sequences: sequences, prefixes: caches ? prefixes : nil)
        for name in ["a", "b"] { try await chat.loadAdapter(name, from: path(name), replaces: false) }
        return chat
    }

    private func options(_ adapters: [AdapterChoice]?, maxTokens: Int = 1) -> ResponseOptions {
        var options = ResponseOptions()
        (options.adapters, options.maxTokens, options.logProbabilities) = (adapters, maxTokens, 2)
        return options
    }

    private struct Answer: Hashable {
        /// The first token.
        var token: Int32 = -1
        var count = 0
    }

    private func answer(
        _ chat: LocalChatModel, _ adapters: [AdapterChoice]?, maxTokens: Int = 1, begun: () throws -> Void = {}
    ) async throws -> Answer {
        var answer = Answer()
        let options = options(adapters, maxTokens: maxTokens)
        for try await event in chat.respond(to: [Message(.user, "What is the capital of France?")], options: options) {
            guard case .token(let choice) = event else { continue }
            if answer.count == 0 {
                answer.token = choice.taken.id
                let margin = choice.likeliest[0].logProbability - choice.likeliest[1].logProbability
                #expect(margin > 1, "\(options.adapters ?? [])")
                try begun()
            }
            answer.count += 1
        }
        return answer
    }

    private static let choices: [[AdapterChoice]?] = [
        nil, [AdapterChoice("a")], [AdapterChoice("b")], [AdapterChoice("a", scale: -1)],
    ]

    @Test("answers made together have the probabilities that each has alone", arguments: [true, false])
    func together(caches: Bool) async throws {
        var alone: [Answer] = []
        for choice in Self.choices { alone.append(try await answer(chat(sequences: 1, caches: caches), choice)) }
        // They differ, or this would show nothing.
        #expect(Set(alone).count == alone.count)
        let chat = try await chat(sequences: 4, caches: caches)
        for _ in 0..<3 {
            let found = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
                for (place, choice) in Self.choices.enumerated() {
                    group.addTask { (place, try await answer(chat, choice)) }
                }
                return try await group.reduce(into: [Int: Answer]()) { $0[$1.0] = $1.1 }
            }
            #expect(alone.indices.map { found[$0] } == alone)
        }
    }

    @Test("one sequence reads anew with other adapters", arguments: [true, false])
    func inTurn(caches: Bool) async throws {
        let chat = try await chat(sequences: 1, caches: caches)
        var first: [Answer] = []
        for choice in Self.choices { first.append(try await answer(chat, choice)) }
        for (choice, value) in zip(Self.choices, first) { #expect(try await answer(chat, choice) == value) }
    }

    @Test(
        "an answer keeps its adapter when that is unloaded or replaced; the next request has none", arguments: [1, 2])
    func unloading(sequences: Int) async throws {
        let chat = try await chat(sequences: sequences)
        let a = [AdapterChoice("a")]
        let whole = try await answer(chat, a, maxTokens: 24)
        let second = try await answer(chat, a, maxTokens: 24) { try chat.unloadAdapter("a") }
        #expect(second == whole)
        await #expect {
            _ = try await answer(chat, a)
        } throws: {
            ($0 as? any RequestFault)?.refusal == .unknownAdapter("a", known: ["b"])
        }
        #expect(throws: LocalChatError.self) { try chat.unloadAdapter("a") }
        // Under the same name another one: what the first left behind serves it nothing.
        try await chat.loadAdapter("a", from: path("b"), replaces: false)
        let other = try await answer(chat, [AdapterChoice("b")])
        #expect(try await answer(chat, a) == other && other.token != whole.token)
        await #expect(throws: LocalChatError.self) { try await chat.loadAdapter("b", from: path("a"), replaces: false) }
        try await chat.loadAdapter("b", from: path("a"), replaces: true)
        #expect(try await answer(chat, [AdapterChoice("b")]).token == whole.token)
    }

    @Test("scales in force are for requests that name no adapters; ids are never used again")
    func scales() async throws {
        let chat = try await chat(sequences: 1)
        let plain = try await answer(chat, nil)
        let opposite = try await answer(chat, Self.choices[3])
        try chat.setAdapterScales([0: -1])
        #expect(try await answer(chat, nil) == opposite && opposite != plain)
        #expect(try await answer(chat, []) == plain)
        try chat.setAdapterScales([1: 0.5])
        #expect(chat.adapters.map(\.scale) == [0, 0.5])
        #expect(throws: LocalChatError.self) { try chat.setAdapterScales([2: 1]) }
        #expect(chat.adapters.map(\.scale) == [0, 0.5])
        try chat.unloadAdapter("b")
        try await chat.loadAdapter("c", from: path("b"), replaces: false)
        #expect(chat.adapters.map(\.id) == [0, 2])
    }

    @Test("files that are no adapters of this model are refused in words, and leave nothing")
    func refusals() async throws {
        let chat = try await chat(sequences: 1)
        try RandomAdapter(
            architecture: "llama", targets: [("blk.0.ffn_down.weight", [576, 576])], rank: 2, strength: 1, seed: 3
        ).write(to: path("shapes"))
        try RandomAdapter(
            architecture: "qwen2", targets: [("blk.0.ffn_down.weight", [1536, 576])], rank: 2, strength: 1, seed: 3
        ).write(to: path("family"))
        try folder.write("GGUF", to: "short.gguf")
        for (name, words) in [
            ("shapes", "do not fit"), ("family", "was made for a 'qwen2' model"), ("short", "short.gguf"),
            ("missing", "missing.gguf"),
        ] {
            await #expect {
                try await chat.loadAdapter(name, from: path(name), replaces: false)
            } throws: { error in
                guard case .unsupported(let reason)? = (error as? any RequestFault)?.refusal else { return false }
                return reason.contains(words)
            }
        }
        #expect(chat.adapters.map(\.name) == ["a", "b"])
    }
}
