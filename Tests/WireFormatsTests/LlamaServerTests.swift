import Chat
import JSON
import Testing
import WireFormats

@Suite("llama-server's formats")
struct LlamaServerTests {
    private func fields(_ json: String) throws(APIError) -> RequestFields { try RequestFields(body: Array(json.utf8)) }

    private func completion(_ json: String) throws(APIError) -> LlamaCompletionRequest {
        try LlamaCompletionRequest(completion: fields(json), defaults: ResponseOptions())
    }

    private func infill(_ json: String) throws(APIError) -> LlamaCompletionRequest {
        try LlamaCompletionRequest(infill: fields(json), defaults: ResponseOptions())
    }

    private static let completion = #"""
        {"prompt": ["Once"], "n_predict": 5, "temperature": 0.5, "top_k": 7, "top_p": 0, "min_p": 0.1, "typical_p": 0.9,
         "repeat_penalty": 1.1, "repeat_last_n": -1, "presence_penalty": 1, "frequency_penalty": -1, "seed": 3,
         "dry_multiplier": 0.8, "dry_base": 2, "dry_allowed_length": 3, "dry_penalty_last_n": 9,
         "dry_sequence_breakers": ["."], "stop": ["a", "b"], "logit_bias": [[12, -5], [13, false]], "n_probs": 2,
         "return_tokens": true, "stream": true, "cache_prompt": true, "samplers": ["top_k"], "grammar": "", "id_slot": -1}
        """#

    @Test("a completion request becomes a prompt and options; unknown fields do not matter")
    func completionRequest() throws {
        let request = try completion(Self.completion)
        let options = request.options
        #expect(request.prompts == [TextPrompt("Once")])
        #expect(request.streams && request.tellsTokens && request.tellsProbabilities)
        #expect(options.maxTokens == 5)
        #expect(options.topP == 0.0001)
        #expect(options.repetitionPenalty == 1.1)
        #expect(options.penaltyWindow == -1)
        #expect(options.seed == 3)
        #expect(options.dry.multiplier == 0.8 && options.dry.allowedLength == 3 && options.dry.breakers == ["."])
        #expect(options.stops == ["a", "b"])
        #expect(options.logitBias == [12: -5, 13: -1e9])
        #expect(options.logProbabilities == 2)
        let open = try completion(#"{"prompt": "a", "n_predict": -1, "seed": -1}"#)
        #expect(open.options.maxTokens == nil && open.options.seed == nil && open.options.logProbabilities == nil)
        #expect(try completion(#"{"prompt": "a", "grammar": "root ::= x"}"#).options.format == .grammar("root ::= x"))
        #expect(try completion(#"{"prompt": "a", "json_schema": {}}"#).options.format == .jsonSchema("{}"))
        #expect(try completion(#"{"prompt": "a", "return_tokens": true}"#).options.logProbabilities == 0)
    }

    private static let infill = #"""
        {"input_prefix": "def f(", "input_suffix": "return x", "prompt": "x",
         "input_extra": [{"filename": "a.py", "text": "A"}, {"text": "B"}], "n_predict": 8}
        """#

    @Test("a hole has what surrounds it, what is written of it, and other files")
    func infillRequest() throws {
        let request = try infill(Self.infill)
        let files = [TextPrompt.File(path: "a.py", text: "A"), TextPrompt.File(path: "tmp", text: "B")]
        #expect(request.prompts == [TextPrompt("def f(x", suffix: "return x", otherFiles: files)])
    }

    @Test(
        "a wrong field is named",
        arguments: [
            (#"{}"#, "prompt"), (#"{"prompt": [true]}"#, "prompt"), (#"{"prompt": {"a": 1}}"#, "prompt"),
            (#"{"prompt": "a", "n_predict": "x"}"#, "n_predict"), (#"{"prompt": "a", "logit_bias": {}}"#, "logit_bias"),
            (#"{"prompt": "a", "logit_bias": [["a", 1]]}"#, "logit_bias"),
            (#"{"prompt": "a", "logit_bias": [[1, true]]}"#, "logit_bias"),
            (#"{"prompt": "a", "json_schema": 3}"#, "json_schema"), (#"{"prompt": "a", "mirostat": 2}"#, "mirostat"),
            (#"{"prompt": "a", "ignore_eos": true}"#, "ignore_eos"), (#"{"prompt": "a", "stop": [1]}"#, "stop"),
        ])
    func wrongCompletionField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try completion(json) }
        #expect(error.parameter == field)
        let body = ErrorWording.llamaServer.value(of: error).object?["error"]?.object
        #expect(body?["code"]?.integer == 400)
        #expect(body?["type"]?.string == "invalid_request_error")
    }

    @Test(
        "a wrong field of a hole is named",
        arguments: [
            (#"{"input_suffix": ""}"#, "input_prefix"), (#"{"input_prefix": ""}"#, "input_suffix"),
            (#"{"input_prefix": "", "input_suffix": "", "input_extra": [{}]}"#, "input_extra[0].text"),
            (#"{"input_prefix": "", "input_suffix": "", "input_extra": "a"}"#, "input_extra"),
        ])
    func wrongInfillField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try infill(json) }
        #expect(error.parameter == field)
    }

    private static let events: [ChatEvent] = [
        .reading(done: 0, total: 10), .token(Wire.choice("Hel")), .text("Hel"), .token(Wire.choice("lo\n")),
        .text("lo\n"),
    ]

    @Test("an answer tells its tokens, why it ended, and how long it took")
    func answer() throws {
        let request = try completion(Self.completion)
        var answer = LlamaCompletion(LlamaSubject(model: "m", request, index: 1, prompt: "Once"))
        for event in Self.events { answer.accept(event) }
        var summary = Wire.summary(.stopText)
        summary.stopText = "b"
        let body = try #require(answer.body(summary).object)
        #expect(body["content"]?.string == "Hello\n" && body["prompt"]?.string == "Once")
        #expect(body["index"]?.integer == 1)
        #expect(body["tokens"] == [1, 1])
        #expect(body["completion_probabilities"]?.array?.first?.object?["bytes"] == [72, 101, 108])
        #expect(body["stop_type"]?.string == "word" && body["stopping_word"]?.string == "b")
        #expect(body["tokens_predicted"]?.integer == 3 && body["tokens_evaluated"]?.integer == 10)
        #expect(body["has_new_line"]?.bool == true && body["stop"]?.bool == true)
        let timings = try #require(body["timings"]?.object)
        #expect(timings["prompt_n"]?.integer == 6 && timings["cache_n"]?.integer == 4)
        #expect(timings["predicted_per_second"]?.number == 3)
        #expect(body["generation_settings"]?.object?["top_k"]?.integer == 7)
    }

    @Test(
        "says why it ended",
        arguments: [
            (ResponseSummary.Reason.stop, "eos"), (.stopText, "word"), (.maxTokens, "limit"), (.contextFull, "limit"),
        ])
    func reason(reason: ResponseSummary.Reason, word: String) throws {
        let body = LlamaCompletion(LlamaSubject(model: "m", try completion(#"{"prompt": "a"}"#))).body(
            Wire.summary(reason))
        #expect(body.object?["stop_type"]?.string == word)
    }

    @Test("a stream tells pieces, then the end, as data without [DONE]")
    func stream() throws {
        var stream = LlamaCompletionStream(
            LlamaSubject(model: "m", try completion(#"{"prompt": "a", "stream": true}"#), index: 4))
        let bytes = (Self.events + [.finished(Wire.summary())]).flatMap { stream.accept($0) }
        let pieces = try Wire.messages(bytes).map(\.data)
        #expect(pieces.compactMap { $0["content"]?.string } == ["Hel", "lo\n", ""])
        #expect(pieces.compactMap { $0["stop"]?.bool } == [false, false, true])
        #expect(pieces.compactMap { $0["index"]?.integer } == [4, 4, 4])
        #expect(pieces[2]["stop_type"]?.string == "eos" && pieces[2]["has_new_line"]?.bool == true)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("completion_probabilities"))
    }

    @Test("pieces that are no whole text are lists of their bytes")
    func tokenize() throws {
        let request = try TokenizeRequest(fields(#"{"content": "é", "with_pieces": true, "add_special": true}"#))
        #expect(request.addsSequenceTokens && request.readsControlTokens)
        let tokens = [TextToken(id: 5, bytes: Array("a".utf8)), TextToken(id: 6, bytes: [0xC3])]
        #expect(
            request.body(tokens) == ["tokens": [["id": 5, "piece": "a"], ["id": 6, "piece": [195]]]])
        #expect(try TokenizeRequest(fields(#"{"content": "a"}"#)).body(tokens) == ["tokens": [5, 6]])
        #expect(throws: APIError.self) { try TokenizeRequest(fields("{}")) }
        #expect(try DetokenizeRequest(fields(#"{"tokens": [1, 2]}"#)).tokens == [1, 2])
        for wrong in ["{}", #"{"tokens": ["a"]}"#, #"{"tokens": [99999999999]}"#, #"{"tokens": 3}"#] {
            #expect(throws: APIError.self) { try DetokenizeRequest(fields(wrong)) }
        }
    }

    @Test("damaged requests are errors, never crashes")
    func damaged() {
        Wire.damage(Self.completion, seed: 12) { (fields) throws(APIError) in
            _ = try LlamaCompletionRequest(completion: fields, defaults: ResponseOptions())
        }
        Wire.damage(Self.infill, seed: 13) { (fields) throws(APIError) in
            _ = try LlamaCompletionRequest(infill: fields, defaults: ResponseOptions())
        }
        Wire.damage(#"{"content": "abc", "add_special": true, "tokens": [1, 2, 3]}"#, seed: 14, rounds: 500) {
            (fields) throws(APIError) in
            _ = try TokenizeRequest(fields)
            _ = try DetokenizeRequest(fields)
        }
    }
}
