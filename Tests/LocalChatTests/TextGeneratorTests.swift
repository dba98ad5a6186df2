import Chat
import Generation
import LocalChat
import TestSupport
import Testing
import Tokenization

/// On the small model: what is generated matters less than when it ends and what is evaluated.
@Suite("Text generator")
struct TextGeneratorTests {
    private let model: LoadedModel

    init() throws { model = try LoadedModel(path: TestModel.path(of: TestModel.smollm2)) }

    private func generator(context: Int = 512) throws -> TextGenerator {
        var options = SessionOptions()
        options.context = context
        return try TextGenerator(model, options)
    }

    private func options(maxTokens: Int? = 8) -> ResponseOptions {
        var options = ResponseOptions()
        options.maxTokens = maxTokens
        return options
    }

    private let prompt = "1, 2, 3, 4, 5,"

    private func generate(
        _ generator: TextGenerator, _ prompt: String, _ options: ResponseOptions,
        isCancelled: () -> Bool = { false }
    ) throws -> (text: String, pieces: [String], summary: ResponseSummary) {
        var pieces: [String] = []
        let summary = try generator.generate(
            model.tokenizer.encode(prompt), options, isCancelled: isCancelled
        ) { event in
            if case .text(let piece) = event { pieces.append(piece) }
        }
        return (pieces.joined(), pieces, summary)
    }

    @Test("evaluates only what a prompt does not share with the last one, and says the same")
    func reuse() throws {
        let fresh = try generate(generator(), prompt + " 6, 7,", options())
        let used = try generator()
        let first = try generate(used, prompt, options())
        #expect(first.summary.reusedTokens == 0)
        let second = try generate(used, prompt + " 6, 7,", options())
        #expect(second.summary.reusedTokens >= first.summary.promptTokens)
        #expect(second.text == fresh.text)
        // The same prompt again: its last token is read again, for its logits.
        let third = try generate(used, prompt + " 6, 7,", options())
        #expect(third.summary.reusedTokens == third.summary.promptTokens - 1)
        #expect(third.text == fresh.text)
    }

    @Test("says the same with drafts by lookup, but for near-ties, and ends where it does without")
    func lookup() throws {
        let list = (1...60).map { "\($0 % 7 + 1), " }.joined()
        var session = SessionOptions()
        (session.context, session.lookup) = (512, true)
        let speculating = try TextGenerator(model, session)
        let endings = [(100, nil), (100, "4, 5, 6, 7, 1, 2, 3, 4"), (11, nil), (400, nil)] as [(Int, String?)]
        for (maxTokens, stop) in endings {
            var options = options(maxTokens: maxTokens)
            options.stops = [stop].compactMap(\.self)
            options.logProbabilities = 2
            options.logitBias = Dictionary(
                uniqueKeysWithValues: model.tokenizer.endOfGenerationIDs.map { ($0, -100) })
            let plain = try choices(generator(), list, options)
            let drafted = try choices(speculating, list, options)
            let shared = zip(plain.choices, drafted.choices).prefix { $0.taken.id == $1.taken.id }.count
            if shared == plain.choices.count {
                #expect(drafted.summary.reason == plain.summary.reason)
                #expect(drafted.summary.generatedTokens == plain.summary.generatedTokens)
            } else {
                // Many rows are multiplied by weights that are rounded again: in so small a model that moves logits.
                let rivals = plain.choices[shared].likeliest
                #expect(rivals[0].logProbability - rivals[1].logProbability < 1.5)
            }
            #expect(drafted.choices.count == drafted.summary.generatedTokens)
            #expect(speculating.session.position <= 512)
        }
        let counts = try #require(speculating.speculation)
        #expect(counts.accepted > 50 && counts.accepted <= counts.drafted)
    }

    private func choices(
        _ generator: TextGenerator, _ prompt: String, _ options: ResponseOptions
    ) throws -> (choices: [TokenChoice], summary: ResponseSummary) {
        var choices: [TokenChoice] = []
        let summary = try generator.generate(model.tokenizer.encode(prompt), options) { event in
            if case .token(let choice) = event { choices.append(choice) }
        }
        return (choices, summary)
    }

    @Test("stops at a stop text that spans tokens, and shows no part of it")
    func stopText() throws {
        var options = options(maxTokens: 40)
        options.stops = ["8, 9"]
        let result = try generate(generator(), prompt, options)
        #expect(result.text == " 6, 7, ")
        #expect(result.summary.reason == .stopText)
        #expect(result.pieces.allSatisfy { !$0.contains("8") })
    }

    @Test("shows what it held back for a stop text that never came")
    func heldBack() throws {
        var options = options(maxTokens: 4)
        options.stops = [" 6, 7, 8, 9, X"]
        let plain = try generate(generator(), prompt, self.options(maxTokens: 4))
        #expect(try generate(generator(), prompt, options).text == plain.text)
    }

    @Test("ends when the context is full")
    func fullContext() throws {
        let generator = try generator(context: 32)
        let result = try generate(generator, prompt, options(maxTokens: nil))
        #expect(result.summary.reason == .contextFull)
        #expect(result.summary.promptTokens + result.summary.generatedTokens == generator.session.capacity + 1)
    }

    @Test("ends when cancelled, between tokens and while it reads")
    func cancellation() throws {
        var asked = 0
        let generator = try generator(context: 4096)
        let during = try generate(generator, prompt, options(maxTokens: nil)) {
            asked += 1
            return asked > 20
        }
        #expect(during.summary.reason == .cancelled)
        let long = String(repeating: "one two three four ", count: 600)
        let reading = try generate(generator, long, options()) { true }
        #expect(reading.summary.reason == .cancelled)
        #expect(reading.text.isEmpty)
        // Nothing is broken by it.
        let fresh = try generate(self.generator(), prompt, options())
        #expect(try generate(generator, prompt, options()).text == fresh.text)
    }

    @Test("passes an error of its listener on, and can go on after it")
    func failingListener() throws {
        struct Lost: Error {}
        let generator = try generator()
        #expect(throws: Lost.self) {
            try generator.generate(model.tokenizer.encode(prompt), options()) { _ in throw Lost() }
        }
        #expect(try generate(generator, prompt, options()).summary.generatedTokens == 8)
    }

    @Test("generates nothing when nothing is asked for")
    func noTokens() throws {
        let result = try generate(generator(), prompt, options(maxTokens: 0))
        #expect(result.text.isEmpty)
        #expect(result.summary.reason == .maxTokens)
    }
}
