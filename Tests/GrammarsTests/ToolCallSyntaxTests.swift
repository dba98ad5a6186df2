import Grammars
import Testing

@Suite("calls in the formats of models")
struct ToolCallSyntaxTests {
    private let tools = [
        ToolSignature(
            name: "read",
            parameters: ##"""
                {"type":"object","properties":{"path":{"type":"string"},"lines":{"type":"integer"},
                "mode":{"enum":["text","bytes"]},"options":{"$ref":"#/$defs/o"}},"required":["path"],
                "$defs":{"o":{"type":"object","properties":{"deep":{"type":"boolean"}}}}}
                """##),
        ToolSignature(name: "now", parameters: #"{"type":"object","properties":{}}"#),
    ]

    private func recognition(
        _ syntax: ToolCallSyntax, _ change: (inout GrammarRequest) -> Void = { _ in }
    ) throws -> Recognition {
        var request = GrammarRequest(.toolCall(tools, syntax, .separators))
        change(&request)
        return try Recognition(request)
    }

    @Test("a name before its arguments")
    func named() throws {
        let plain = try recognition(.named(NamedCall(after: "[ARGS]")))
        #expect(plain.accepts(#"read[ARGS]{"path": "a"}"#) && plain.accepts("now[ARGS]{}"))
        #expect(plain.accepts(#"read[ARGS]{"path":"a","lines": 1}"#))
        #expect(!plain.accepts(#"read[ARGS]{ "path": "a" }"#) && !plain.accepts("now[ARGS]\n{}"))
        #expect(!plain.accepts("read[ARGS]{}") && !plain.accepts(#"now[ARGS]{"path": "a"}"#))
        let counted = try recognition(.named(NamedCall(before: "functions.", after: "|", countMark: ":")))
        #expect(counted.accepts("functions.now:0|{}") && counted.accepts("functions.now:12|{}"))
        #expect(!counted.accepts("functions.now:|{}") && !counted.accepts("now:0|{}"))
    }

    private let elements = ToolCallSyntax.elements(
        CallElements(
            beforeName: "<function=", afterName: ">\n", beforeKey: "<parameter=", beforeText: ">\n",
            afterValue: "\n</parameter>\n", end: "</function>"))

    @Test("an element for each argument: strings as they are, the others as JSON, in the order of the schema")
    func elementCalls() throws {
        let calls = try recognition(elements)
        #expect(calls.accepts("<function=now>\n</function>"))
        #expect(calls.accepts("<function=read>\n<parameter=path>\na \"b\" <c>\n\n</parameter>\n</function>"))
        #expect(
            calls.accepts(
                """
                <function=read>
                <parameter=path>
                a
                </parameter>
                <parameter=lines>
                12
                </parameter>
                <parameter=mode>
                bytes
                </parameter>
                <parameter=options>
                {"deep": true}
                </parameter>
                </function>
                """))
        for wrong in [
            "<function=read>\n</function>",
            "<function=read>\n<parameter=path>\na\n</parameter>\n<parameter=lines>\nmany\n</parameter>\n</function>",
            "<function=read>\n<parameter=path>\na\n</parameter>\n<parameter=mode>\nother\n</parameter>\n</function>",
            "<function=write>\n</function>",
        ] {
            #expect(!calls.accepts(wrong), "\(wrong)")
        }
    }

    @Test("calls that are required are all of the text; one alone if they may not repeat")
    func required() throws {
        func request(repeats: Bool) throws -> Recognition {
            try recognition(.object()) { request in
                var activation = Activation(triggers: ["<call>"], closing: "</call>")
                (activation.isRequired, activation.repeats, activation.separator) = (true, repeats, "\n")
                activation.surroundings = .init(before: "[", after: "]")
                request.activation = activation
            }
        }
        let call = #"<call>{"name": "now", "arguments": {}}</call>"#
        let many = try request(repeats: true)
        #expect(many.accepts("[\(call)]") && many.accepts("[\(call)\n\(call)]"))
        for wrong in ["", "[]", "text", "[\(call)] text", "[\(call)\(call)]"] {
            #expect(!many.accepts(wrong), "\(wrong)")
        }
        let one = try request(repeats: false)
        #expect(one.accepts("[\(call)]") && !one.accepts("[\(call)\n\(call)]"))
    }

    @Test("between calls that are not required the text is free; a second one does not come where one is the most")
    func free() throws {
        let call = #"<call>{"name": "now", "arguments": {}}</call>"#
        func request(repeats: Bool) throws -> Recognition {
            try recognition(.object()) { request in
                request.activation = Activation(triggers: ["<call>"], closing: "</call>")
                request.activation?.repeats = repeats
            }
        }
        let many = try request(repeats: true)
        #expect(many.accepts("a \(call) b \(call) <call c") && many.accepts(""))
        #expect(!many.accepts("a <call>{") && !many.accepts("<call>no</call>"))
        let one = try request(repeats: false)
        #expect(one.accepts("a \(call) b") && one.accepts("a") && !one.accepts("a \(call) b \(call)"))
    }

    @Test("a thought is free, and what follows it is not; a text that is asked for may take the place of calls")
    func thought() throws {
        let call = #"<call>{"name": "now", "arguments": {}}</call>"#
        let begun = try recognition(.object()) { request in
            request.activation = Activation(triggers: ["<call>"], closing: "</call>")
            request.activation?.isRequired = true
            request.alternative = .choice(["yes", "no"])
            request.thought = Thought(opening: nil, closing: "</think>")
        }
        #expect(begun.accepts("so <call> it is</think>\n\n\(call)") && begun.accepts("</think>yes"))
        #expect(!begun.accepts(call) && !begun.accepts("so</think>maybe") && !begun.accepts("so"))
        let possible = try Recognition(
            GrammarRequest(
                .choice(["yes", "no"]), textOpening: "= ", thought: Thought(opening: "<think>", closing: "</think>")))
        #expect(possible.accepts("= yes") && possible.accepts("<think>hm</think>\n= no"))
        #expect(!possible.accepts("yes") && !possible.accepts("<think>hm") && !possible.accepts("hm</think>= no"))
    }

    @Test("a tool whose schema can't be followed takes any arguments")
    func odd() throws {
        let tools = [ToolSignature(name: "odd", parameters: #"{"type":"object","if":{},"then":false}"#)] + tools
        let calls = try Recognition(GrammarRequest(.toolCall(tools)))
        #expect(calls.accepts(#"{"name":"odd","arguments":{"a":[1]}}"#))
        #expect(!calls.accepts(#"{"name":"now","arguments":{"a":[1]}}"#))
        let elements = try Recognition(GrammarRequest(.toolCall(tools, elements)))
        #expect(elements.accepts("<function=odd>\n<parameter=a b>\n[1]\n</parameter>\n</function>"))
        #expect(!elements.accepts("<function=odd>\n<parameter=a"))
    }
}
