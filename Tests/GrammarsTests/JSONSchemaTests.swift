import Grammars
import Testing

@Suite("JSON Schema")
struct JSONSchemaTests {
    @Test(
        "each keyword",
        arguments: [
            ("true", ["1", "{\"a\":[]}"], ["", "x"]),
            ("{}", ["null", "\"a\""], ["[1,]"]),
            ("{\"type\":\"integer\"}", ["0", "-7", "123456789012345678901"], ["01", "1.5", "-", "\"1\"", "+1"]),
            ("{\"type\":[\"string\",\"null\"]}", ["\"\"", "null"], ["1", "nul"]),
            ("{\"type\":\"string\",\"nullable\":true}", ["\"\"", "null"], ["1"]),
            ("{\"enum\":[\"a\",\"a\\\"b\",1,null]}", ["\"a\"", "\"a\\\"b\"", "1", "null"], ["\"b\"", "2", "a"]),
            ("{\"enum\":[\"a\",1],\"type\":\"string\"}", ["\"a\""], ["1"]),
            ("{\"const\":{\"a\":[1,true]}}", ["{\"a\":[1,true]}"], ["{}", "{\"a\":[1]}"]),
            (
                "{\"minimum\":-3,\"maximum\":12,\"type\":\"integer\"}", ["-3", "-1", "0", "9", "10", "12"],
                ["-4", "13", "-12", "100", "-0", "1.0"]
            ),
            (
                "{\"exclusiveMinimum\":0,\"exclusiveMaximum\":1}", ["0.5", "0.01", "0.999", "0.50"],
                ["0", "1", "0.0", "1.0", "-0.5", "2"]
            ),
            ("{\"minimum\":0,\"maximum\":1}", ["0", "1", "0.0", "1.00", "0.37"], ["1.01", "-0.1", "2", "1.10"]),
            ("{\"minimum\":9.75,\"type\":\"integer\"}", ["10", "11", "999"], ["9", "-10"]),
            (
                "{\"maximum\":-1.25,\"minimum\":-1.5}", ["-1.25", "-1.5", "-1.375", "-1.3"],
                ["-1.2", "-1.51", "-1", "-2", "1.3"]
            ),
            ("{\"minimum\":1e3,\"type\":\"integer\"}", ["1000", "99999"], ["999", "0"]),
            (
                "{\"minLength\":2,\"maxLength\":3}", ["\"ab\"", "\"é😀\\n\"", "\"\\u0041\\ud83d\\ude00\""],
                ["\"a\"", "\"abcd\"", "2"]
            ),
            ("{\"pattern\":\"^[a-z]+$\"}", ["\"abc\""], ["\"aBc\"", "\"\""]),
            ("{\"pattern\":\"b\",\"type\":\"string\"}", ["\"abc\"", "\"b\"", "\"\\nb\""], ["\"ac\""]),
            ("{\"pattern\":\"^.{1,3}$\",\"maxLength\":3,\"minLength\":1}", ["\"ab\""], ["\"\"", "\"abcd\""]),
            (
                "{\"format\":\"date\"}", ["\"2000-02-29\"", "\"1996-02-29\""],
                ["\"1900-02-29\"", "\"2023-04-31\"", "\"0000-01-01\""]
            ),
            (
                "{\"format\":\"ipv6\"}", ["\"::1\"", "\"1:2:3:4:5:6:7:8\"", "\"fe80::1\"", "\"::\""],
                ["\"1:2\"", "\":::\""]
            ),
            ("{\"format\":\"uri\"}", ["\"https://a.b/c?d=e#f\""], ["\"a b\"", "\"x\""]),
            ("{\"format\":\"duration\"}", ["\"P1DT2H\"", "\"PT5M\"", "\"P3W\""], ["\"P\"", "\"1D\""]),
            ("{\"type\":\"integer\",\"format\":\"int32\"}", ["7"], ["\"7\""]),
            (
                "{\"items\":{\"type\":\"null\"},\"minItems\":1,\"maxItems\":2}", ["[null]", "[null,null]"],
                ["[]", "[null,null,null]"]
            ),
            ("{\"type\":\"array\",\"maxItems\":0}", ["[]"], ["[1]"]),
            (
                "{\"prefixItems\":[{\"const\":1},{\"const\":2}],\"items\":false}", ["[]", "[1]", "[1,2]"],
                ["[2]", "[1,2,3]"]
            ),
            (
                "{\"items\":[{\"const\":1}],\"additionalItems\":{\"const\":0},\"minItems\":2}", ["[1,0]", "[1,0,0]"],
                ["[1]", "[1,1]"]
            ),
            (
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"null\"}}",
                ["{}", "{\"a\":null,\"b\":null}"], ["{\"a\":1}"]
            ),
            (
                "{\"type\":\"object\",\"minProperties\":1,\"maxProperties\":2}", ["{\"a\":1}"],
                ["{}", "{\"a\":1,\"b\":1,\"c\":1}"]
            ),
            ("{\"required\":[\"a\"]}", ["{\"a\":1}"], ["{}", "{\"b\":1}"]),
            ("{\"type\":\"object\",\"properties\":{\"a\":false,\"b\":true}}", ["{}", "{\"b\":1}"], ["{\"a\":1}"]),
            ("{\"allOf\":[{\"minimum\":3},{\"maximum\":5}],\"type\":\"integer\"}", ["3", "5"], ["2", "6"]),
            (
                "{\"allOf\":[{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},{\"type\":\"null\"}]}", ["null"],
                ["\"\""]
            ),
            ("{\"$ref\":\"#/$defs/a~1b\",\"$defs\":{\"a/b\":{\"type\":\"null\"}}}", ["null"], ["1"]),
            (
                "{\"$ref\":\"#/definitions/p%25\",\"definitions\":{\"p%\":{\"type\":\"null\"}},\"title\":\"x\"}",
                ["null"], ["1"]
            ),
            (
                "{\"$ref\":\"#/$defs/s\",\"maxLength\":1,\"$defs\":{\"s\":{\"type\":\"string\"}}}", ["\"a\""],
                ["\"ab\"", "1"]
            ),
            (
                "{\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}},{\"const\":0}]}", ["0", "[]", "[[0],0]"],
                ["1", "[1]"]
            ),
            (
                "{\"oneOf\":[{\"properties\":{\"a\":true},\"required\":[\"a\"]},{\"properties\":{\"b\":true},\"required\":[\"b\"]}]}",
                ["{\"a\":1}", "{\"b\":1}"], ["{\"a\":1,\"b\":1}", "{}"]
            ),
            ("{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}", ["1", "\"\""], ["null"]),
        ])
    func keywords(schema: String, accepts: [String], rejects: [String]) throws {
        let recognition = try Recognition(.jsonSchema(schema))
        for text in accepts { #expect(recognition.accepts(text), "\(schema) should accept \(text)") }
        for text in rejects { #expect(!recognition.accepts(text), "\(schema) should reject \(text)") }
    }

    @Test("properties come in order, optional ones may be left out, and further ones have other names")
    func properties() throws {
        let schema = """
            {"properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}, "required": ["b"],
             "additionalProperties": {"const": 0}}
            """
        let recognition = try Recognition(.jsonSchema(schema))
        for text in [
            #"{"b":2}"#, #"{"a":1,"b":2}"#, #"{"a":1,"b":2,"c":3}"#, #"{"b":2,"c":3,"d":0,"ab":0}"#, #"{"b":2,"":0}"#,
            #"{"b":2,"é":0,"\n":0,"😀":0}"#,
        ] {
            #expect(recognition.accepts(text), "\(text)")
        }
        for text in [
            "{}", #"{"a":1}"#, #"{"b":2,"a":1}"#, #"{"b":2,"a":0}"#, #"{"b":2,}"#, #"{"b":2,"\u0061":0}"#,
            #"{"b":2,"b":0}"#,
            #"{,"b":2}"#, #"{"d":0,"b":2}"#,
        ] {
            #expect(!recognition.accepts(text), "\(text)")
        }
    }

    @Test("objects that share a beginning are told apart later, however deep they nest")
    func sharedBeginnings() throws {
        let schema = """
            {"$ref": "#/$defs/n", "$defs": {"n": {"anyOf": [
              {"properties": {"child": {"$ref": "#/$defs/n"}, "kind": {"const": "x"}}, "required": ["child", "kind"]},
              {"properties": {"child": {"$ref": "#/$defs/n"}, "kind": {"const": "y"}}, "required": ["child", "kind"]},
              {"type": "null"}]}}}
            """
        let recognition = try Recognition(.jsonSchema(schema))
        var text = "null"
        for depth in 0..<200 { text = "{\"child\":\(text),\"kind\":\"\(depth % 3 == 0 ? "x" : "y")\"}" }
        #expect(recognition.accepts(text))
        #expect(!recognition.accepts(text.replacing("\"x\"}", with: "\"z\"}")))
        #expect(recognition.reachedLimit == nil)
    }

    @Test(
        "what is not supported is refused by name and place",
        arguments: [
            (#"{"not":{}}"#, SchemaProblem.unsupportedKeyword("not"), ""),
            (#"{"properties":{"a/b":{"if":true}}}"#, .unsupportedKeyword("if"), "/properties/a~1b"),
            (#"{"items":{"uniqueItems":true}}"#, .unsupportedKeyword("uniqueItems"), "/items"),
            (#"{"patternProperties":{}}"#, .unsupportedKeyword("patternProperties"), ""),
            (#"{"requierd":[]}"#, .unsupportedKeyword("requierd"), ""),
            (#"{"items":{"$id":"x"}}"#, .unsupportedKeyword("$id"), "/items"),
            (#"{"type":"strin"}"#, .unknownType("strin"), ""),
            (#"{"type":3}"#, .malformedKeyword("type", expected: "a name or a list of names"), ""),
            (#"{"format":"iri"}"#, .unsupportedFormat("iri"), ""),
            (#"{"pattern":"a","format":"date"}"#, .unsupportedTogether("pattern", "format"), ""),
            (#"{"pattern":"^a*$","maxLength":3}"#, .unsupportedTogether("pattern", "maxLength"), ""),
            (#"{"enum":["a"],"minLength":1}"#, .unsupportedTogether("enum", "minLength"), ""),
            (#"{"$ref":"other.json"}"#, .referenceOutside("other.json"), ""),
            (##"{"$ref":"#/$defs/x"}"##, .referenceToNothing("#/$defs/x"), ""),
            (##"{"$ref":"#","type":"string"}"##, .circularReference, ""),
            (#"{"oneOf":[{"type":"integer"},{"type":"number"}]}"#, .overlappingAlternatives(0, 1), ""),
            (#"{"oneOf":[{"type":"string"},{"minimum":3}]}"#, .overlappingAlternatives(0, 1), ""),
            (#"{"pattern":"(?=a)"}"#, .pattern("character 1: look-ahead assertions are not supported"), ""),
            (#"{"items":3}"#, .notASchema, "/items"),
            (#"{"minLength":-1}"#, .malformedKeyword("minLength", expected: "a whole number from 0"), ""),
            (#"{"anyOf":[]}"#, .malformedKeyword("anyOf", expected: "a list of schemas"), ""),
        ])
    func refusals(schema: String, problem: SchemaProblem, path: String) {
        #expect(refusal(.jsonSchema(schema)) == .schema(problem, path: path))
    }

    @Test(
        "schemas that nothing satisfies are refused",
        arguments: [
            "false", #"{"type":"string","minLength":3,"maxLength":2}"#, #"{"minimum":3,"maximum":2}"#,
            ##"{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}"##, #"{"enum":[1],"type":"string"}"#,
            #"{"required":["b"],"properties":{"a":true},"additionalProperties":false}"#, ##"{"$ref":"#"}"##,
            #"{"allOf":[{"type":"string"},{"type":"null"}]}"#,
            #"{"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":4}"#,
        ])
    func unsatisfiable(schema: String) { #expect(refusal(.jsonSchema(schema)) == .matchesNothing) }

    @Test("alternatives multiply up to a bound")
    func alternativeLimit() {
        let one = #"{"anyOf":[{"minLength":1},{"minLength":2},{"minLength":3},{"minLength":4}]}"#
        let all = Array(repeating: one, count: 5).joined(separator: ",")
        #expect(
            refusal(.jsonSchema("{\"allOf\":[\(all)]}")) == .schema(.tooManyAlternatives(limit: 512), path: "/allOf/4"))
    }

    @Test("alternatives that exclude each other are compared up to a bound")
    func manyAlternatives() {
        let alternatives = (0..<513).map { "{\"properties\":{\"k\":{\"const\":\($0)}},\"required\":[\"k\"]}" }
        #expect(refusal(.jsonSchema("{\"oneOf\":[\(alternatives.dropLast().joined(separator: ","))]}")) == nil)
        let refused = refusal(.jsonSchema("{\"oneOf\":[\(alternatives.joined(separator: ","))]}"))
        #expect(refused == .schema(.tooManyAlternatives(limit: 512), path: ""))
    }

    @Test("discriminated unions as tools write them")
    func discriminated() throws {
        let schema = """
            {"oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}], "discriminator": {"propertyName": "kind"},
             "$defs": {
              "Cat": {"type": "object", "title": "Cat", "properties": {"kind": {"const": "cat", "type": "string"}}, "required": ["kind"]},
              "Dog": {"type": "object", "properties": {"kind": {"const": "dog"}, "age": {"type": "integer"}}, "required": ["kind"]}}}
            """
        let recognition = try Recognition(.jsonSchema(schema))
        #expect(recognition.accepts(#"{"kind":"cat"}"#) && recognition.accepts(#"{"kind":"dog","age":3}"#))
        #expect(!recognition.accepts(#"{"kind":"cat","age":3}"#) && !recognition.accepts(#"{"kind":"cow"}"#))
    }

    @Test("calls of tools: each name with its own arguments, references within each schema")
    func toolCalls() throws {
        let tools = [
            ToolSignature(
                name: "read",
                parameters:
                    ##"{"$ref":"#/$defs/p","$defs":{"p":{"properties":{"path":{"type":"string"}},"required":["path"]}}}"##
            ),
            ToolSignature(
                name: "wait", parameters: ##"{"$ref":"#/$defs/p","$defs":{"p":{"type":"object","properties":{}}}}"##),
        ]
        let recognition = try Recognition(.toolCall(tools))
        #expect(recognition.accepts(#"{"name":"read","arguments":{"path":"a"}}"#))
        #expect(recognition.accepts(#"{"name":"wait","arguments":{}}"#))
        #expect(!recognition.accepts(#"{"name":"wait","arguments":{"path":"a"}}"#))
        #expect(!recognition.accepts(#"{"name":"write","arguments":{}}"#))
        let renamed = try Recognition(.toolCall(tools, .object(ToolCallKeys(arguments: "parameters")), .upTo(1)))
        #expect(renamed.accepts(#"{"name": "wait", "parameters": {}}"#))
    }
}
