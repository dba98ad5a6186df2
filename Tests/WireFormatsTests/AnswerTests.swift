import Chat
import JSON
import Testing
import WireFormats

@Suite("OpenAI answers")
struct AnswerTests {
    @Test("an error has all four keys, null where nothing is known")
    func error() throws {
        let text = String(decoding: try WireJSON.encode(APIError.badRequest("No.", parameter: "a[0].b")), as: UTF8.self)
        #expect(text.contains(#""code":null"#))
        let error = try #require(try Wire.json(APIError.badRequest("No.", parameter: "a[0].b"))["error"]?.object)
        #expect(error["message"]?.string == "No.")
        #expect(error["type"]?.string == "invalid_request_error")
        #expect(error["param"]?.string == "a[0].b")
    }

    @Test(
        "says why it ended",
        arguments: [
            (ResponseSummary.Reason.stop, "stop"), (.stopText, "stop"), (.maxTokens, "length"),
            (.contextFull, "length"),
        ])
    func finishReason(reason: ResponseSummary.Reason, word: String) throws {
        let answer = ChatCompletion(
            Wire.identity, Wire.set(AnswerCollector(), Wire.summary(reason)), withLogProbabilities: false)
        let choice = try #require(try Wire.json(answer)["choices"]?.array?.first?.object)
        #expect(choice["finish_reason"]?.string == word)
    }

    @Test("a chat answer carries the text, the counts and the probabilities of its tokens")
    func whole() throws {
        var collector = AnswerCollector()
        for event: ChatEvent in [
            .reading(done: 0, total: 10), .token(Wire.choice("Hel")), .text("Hel"),
            .token(Wire.choice("lo", -.infinity)), .text("lo"), .finished(Wire.summary()),
        ] {
            collector.accept(event)
        }
        let summary = try #require(collector.summary)
        let json = try Wire.json(
            ChatCompletion(Wire.identity, Wire.set(collector, summary), withLogProbabilities: true))
        #expect(json["object"]?.string == "chat.completion")
        #expect(json["id"]?.string == "a-1")
        let choice = try #require(json["choices"]?.array?.first?.object)
        #expect(choice["message"]?.object?["content"]?.string == "Hello")
        #expect(choice["message"]?.object?["role"]?.string == "assistant")
        let tokens = try #require(choice["logprobs"]?.object?["content"]?.array)
        #expect(tokens.compactMap { $0.object?["token"]?.string } == ["Hel", "lo"])
        #expect(tokens.compactMap { $0.object?["logprob"]?.number } == [-0.5, -9999])
        #expect(tokens[0].object?["top_logprobs"]?.array?.count == 1)
        let usage = try #require(json["usage"]?.object)
        #expect(usage["prompt_tokens"]?.integer == 10)
        #expect(usage["completion_tokens"]?.integer == 3)
        #expect(usage["total_tokens"]?.integer == 13)
        #expect(usage["prompt_tokens_details"]?.object?["cached_tokens"]?.integer == 4)
    }

    private let calls: [ChatEvent] = [
        .thinking("hm"), .callBegan(index: 0, id: "c1", name: "f"), .callArguments(index: 0, fragment: #"{"a":"#),
        .callArguments(index: 0, fragment: "1}"), .callEnded(index: 0), .callBegan(index: 1, id: "c2", name: "g"),
        .callArguments(index: 1, fragment: "{}"), .callEnded(index: 1), .finished(Wire.summary()),
    ]

    @Test(
        "several answers: each with its index, the likeliest where fewer are wanted than made; the prompt counts once")
    func several() throws {
        let given: [(String, Float)] = [("a", -2), ("b", -0.5), ("c", -1)]
        let answers = given.map { (text, probability) in
            var collector = AnswerCollector()
            for event: ChatEvent in [.token(Wire.choice(text, probability)), .text(text)] { collector.accept(event) }
            return (collector, Wire.summary())
        }
        func texts(best count: Int) throws -> (texts: [String?], indices: [Int?], completion: Int?, prompt: Int?) {
            let json = try Wire.json(
                ChatCompletion(
                    Wire.identity, AnswerSet(answers, candidates: 3, best: count), withLogProbabilities: false))
            let choices = json["choices"]?.array?.compactMap(\.object) ?? []
            let usage = json["usage"]?.object
            return (
                choices.map { $0["message"]?.object?["content"]?.string }, choices.map { $0["index"]?.integer },
                usage?["completion_tokens"]?.integer, usage?["prompt_tokens"]?.integer
            )
        }
        let all = try texts(best: 3)
        #expect(all.texts == ["a", "b", "c"] && all.indices == [0, 1, 2])
        #expect(all.completion == 9 && all.prompt == 10)
        let best = try texts(best: 2)
        #expect(best.texts == ["b", "c"] && best.indices == [0, 1] && best.completion == 9)
    }

    @Test("several answers to each of several prompts: in their order, each prompt counts once")
    func severalPrompts() throws {
        let answers = ["a", "b", "c", "d"].enumerated().map { index, text in
            var collector = AnswerCollector()
            for event: ChatEvent in [.token(Wire.choice(text, Float(index))), .text(text)] { collector.accept(event) }
            return (collector, Wire.summary())
        }
        let set = AnswerSet(answers, candidates: 2, best: 2)
        let json = try Wire.json(
            TextCompletion(Wire.identity, prefixes: ["P", "Q"], set, withLogProbabilities: false))
        let choices = json["choices"]?.array?.compactMap(\.object) ?? []
        #expect(choices.map { $0["text"]?.string } == ["Pa", "Pb", "Qc", "Qd"])
        #expect(choices.map { $0["index"]?.integer } == [0, 1, 2, 3])
        let usage = json["usage"]?.object
        #expect(usage?["prompt_tokens"]?.integer == 20 && usage?["completion_tokens"]?.integer == 12)
        #expect(usage?["prompt_tokens_details"]?.object?["cached_tokens"]?.integer == 8)
        let best = try Wire.json(
            TextCompletion(
                Wire.identity, prefixes: ["P", "Q"], AnswerSet(answers, candidates: 2, best: 1),
                withLogProbabilities: false))
        #expect(best["choices"]?.array?.map { $0.object?["text"]?.string } == ["Pb", "Qd"])
        #expect(best["usage"]?.object?["completion_tokens"]?.integer == 12)
    }

    @Test("every chunk of an answer has its index; the counts and [DONE] come once, behind all")
    func indexedStream() throws {
        var stream = DataStream(
            ChatCompletionStream(Wire.identity, index: 2, includesUsage: true, withLogProbabilities: false))
        let events: [ChatEvent] = [
            .reading(done: 0, total: 10), .text("a"), .callBegan(index: 0, id: "c", name: "f"),
            .callArguments(index: 0, fragment: "{}"), .finished(Wire.summary()),
        ]
        let bytes = try events.flatMap { try stream.accept($0) }
        let chunks = try Wire.messages(bytes).map(\.data)
        #expect(chunks.map { $0["choices"]?.array?.first?.object?["index"]?.integer } == [2, 2, 2, 2, 2])
        let end = String(decoding: try stream.end(Wire.summary()), as: UTF8.self)
        #expect(end.contains(#""choices":[]"#) && end.hasSuffix("data: [DONE]\n\n"))
        var text = TextCompletionStream(
            Wire.identity, index: 3, prefix: "", includesUsage: false, withLogProbabilities: false)
        let pieces = text.begin() + text.accept(.text("a")) + text.accept(.finished(Wire.summary()))
        let indices = try pieces.map { try Wire.json($0)["choices"]?.array?.first?.object?["index"]?.integer }
        #expect(indices == [3, 3, 3] && text.end(Wire.summary()).isEmpty)
    }

    @Test("an answer that calls tools: no content, the thought apart, and the reason says so")
    func calling() throws {
        var collector = AnswerCollector()
        for event in calls { collector.accept(event) }
        let answer = ChatCompletion(Wire.identity, Wire.set(collector, Wire.summary()), withLogProbabilities: false)
        let choice = try #require(try Wire.json(answer)["choices"]?.array?.first?.object)
        let message = try #require(choice["message"]?.object)
        #expect(choice["finish_reason"]?.string == "tool_calls")
        #expect(message["content"] == nil && message.members.contains { $0.key == "content" })
        #expect(message["reasoning_content"]?.string == "hm")
        let told = try #require(message["tool_calls"]?.array).compactMap(\.object)
        #expect(told.compactMap { $0["id"]?.string } == ["c1", "c2"])
        #expect(told.allSatisfy { $0["type"]?.string == "function" && $0["index"] == nil })
        #expect(told.compactMap { $0["function"]?.object?["arguments"]?.string } == [#"{"a":1}"#, "{}"])
    }

    @Test("a stream of calls: each begins with its id and name, its arguments come in pieces")
    func callStream() throws {
        var stream = ChatCompletionStream(Wire.identity, includesUsage: false, withLogProbabilities: false)
        let choices = try calls.flatMap { stream.accept($0) }.map {
            try #require(try Wire.json($0)["choices"]?.array?.first?.object)
        }
        #expect(choices[0]["delta"]?.object?["reasoning_content"]?.string == "hm")
        let pieces = choices.compactMap { $0["delta"]?.object?["tool_calls"]?.array?.first?.object }
        #expect(pieces.compactMap { $0["index"]?.integer } == [0, 0, 0, 1, 1])
        #expect(pieces.map { $0["id"]?.string } == ["c1", nil, nil, "c2", nil])
        #expect(
            pieces.map { $0["function"]?.object?["arguments"]?.string } == ["", #"{"a":"#, "1}", "", "{}"])
        #expect(choices.last?["finish_reason"]?.string == "tool_calls")
    }

    @Test("a chat stream: role, pieces, the reason, and the counts in a chunk without choices")
    func stream() throws {
        var stream = ChatCompletionStream(Wire.identity, includesUsage: true, withLogProbabilities: true)
        var chunks = stream.begin()
        for event: ChatEvent in [
            .reading(done: 0, total: 10), .token(Wire.choice("a")), .token(Wire.choice("b")), .text("ab"),
            .token(Wire.choice("END")), .finished(Wire.summary(.stopText)),
        ] {
            chunks += stream.accept(event)
        }
        chunks += stream.end(Wire.summary(.stopText))
        let all = try chunks.map(Wire.json)
        try #require(all.count == 4)
        #expect(all.allSatisfy { $0["object"]?.string == "chat.completion.chunk" && $0["id"]?.string == "a-1" })
        let choices = all.map { $0["choices"]?.array?.first?.object }
        #expect(choices[0]?["delta"]?.object?["role"]?.string == "assistant")
        #expect(choices[1]?["delta"]?.object?["content"]?.string == "ab")
        #expect(choices[1]?["logprobs"]?.object?["content"]?.array?.count == 2)
        #expect(choices[1]?["finish_reason"]?.string == nil)
        #expect(choices[2]?["finish_reason"]?.string == "stop")
        #expect(choices[2]?["delta"]?.object?.members.isEmpty == true)
        #expect(all[3]["choices"]?.array?.isEmpty == true)
        #expect(all[3]["usage"]?.object?["total_tokens"]?.integer == 13)
        // A client may look for the key before it is known.
        #expect(String(decoding: try WireJSON.encode(chunks[1]), as: UTF8.self).contains(#""finish_reason":null"#))
    }

    @Test("without being asked, a stream has neither counts nor probabilities")
    func plainStream() throws {
        var stream = ChatCompletionStream(Wire.identity, includesUsage: false, withLogProbabilities: false)
        let chunks =
            stream.begin() + stream.accept(.text("a")) + stream.accept(.finished(Wire.summary()))
            + stream.end(Wire.summary())
        #expect(chunks.count == 3)
        #expect(try chunks.map(Wire.json).allSatisfy { $0["usage"] == nil })
        #expect(!String(decoding: try WireJSON.encode(chunks[1]), as: UTF8.self).contains("logprobs"))
    }

    @Test("a completion begins with the prompt where that is asked for, and counts characters to each token")
    func completion() throws {
        var stream = TextCompletionStream(
            Wire.identity, prefix: "P", includesUsage: false, withLogProbabilities: true)
        var chunks = stream.begin()
        for event: ChatEvent in [
            .token(Wire.choice("é1")), .text("é1"), .token(Wire.choice("helloWorld")), .text("helloWorld"),
            .finished(Wire.summary()),
        ] {
            chunks += stream.accept(event)
        }
        let choices = try chunks.map { try #require(try Wire.json($0)["choices"]?.array?.first?.object) }
        #expect(choices.compactMap { $0["text"]?.string } == ["P", "é1", "helloWorld", ""])
        let told = choices.compactMap { $0["logprobs"]?.object }
        #expect(told.flatMap { $0["text_offset"]?.array ?? [] }.compactMap(\.integer) == [0, 2])
        // Texts of tokens are data: their spelling is not to be changed as that of keys is.
        #expect(told[1]["top_logprobs"]?.array?.first?.object?.members.first?.key == "helloWorld")
        #expect(choices[3]["finish_reason"]?.string == "stop")
    }

    @Test("frames are one line of data and an empty one")
    func frames() throws {
        let data = try WireJSON.encode(["text": "a\nb\u{2028}"])
        let frame = String(decoding: ServerSentEvents.message(data), as: UTF8.self)
        #expect(frame.hasPrefix("data: {") && frame.hasSuffix("}\n\n"))
        #expect(frame.dropLast(2).contains("\n") == false)
        #expect(String(decoding: ServerSentEvents.comment("x"), as: UTF8.self) == ": x\n\n")
        #expect(String(decoding: ServerSentEvents.done, as: UTF8.self) == "data: [DONE]\n\n")
    }
}
