import ChatTemplates
import Testing

@Suite("JSON of template values")
struct TemplateValueTests {
    @Test("values of every kind are read") func values() throws {
        let text = """
             {"s": "a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00", "i": -12, "z": 0, "f": 1.5, "e": 1E+2, "t": true, "n": null,
              "l": [ ], "m": { }, "nested": [[1], {"a": [false]}], "big": 18446744073709551616, "neg": -0.0 }
            """
        let value = try TemplateValue(json: text)
        #expect(
            value == [
                "s": "a\"\\/\u{8}\u{c}\n\r\té😀", "i": -12, "z": 0, "f": 1.5, "e": 100.0, "t": true, "n": nil, "l": [],
                "m": [:], "nested": [[1], ["a": [false]]], "big": .largeInteger("18446744073709551616"), "neg": -0.0,
            ])
    }

    @Test("keys keep their order, and of equal keys the last value wins") func order() throws {
        guard case .map(let map) = try TemplateValue(json: #"{"b": 1, "a": 2, "b": 3, "é": 4, "e\u0301": 5}"#) else {
            Issue.record("no map")
            return
        }
        #expect(map.entries.map(\.value) == [3, 2, 4, 5])
        #expect(map["b"] == 3)
        #expect(map["e\u{301}"] == 5)
    }

    @Test("Python's extensions are read, lone surrogates are replaced") func extensions() throws {
        #expect(try TemplateValue(json: "[Infinity, -Infinity]") == [.float(.infinity), .float(-.infinity)])
        guard case .float(let nan) = try TemplateValue(json: "NaN") else { throw GoldenError.malformed }
        #expect(nan.isNaN)
        #expect(try TemplateValue(json: #""\ud800x""#) == "\u{FFFD}x")
    }

    @Test("what is read is written again by tojson") func roundTrip() throws {
        let text =
            #"{"a": [1, 2.5, -0.0, 1e+22, "x\u0001\"é", null, true], "b": {}, "c": 123456789012345678901234567890}"#
        let output = try ChatTemplate(source: "{{ v | tojson }}").render(["v": try TemplateValue(json: text)])
        #expect(output == text)
        #expect(try ChatTemplate(source: "{{ t | from_json | tojson }}").render(["t": .string(text)]) == text)
    }

    @Test("values written in Swift are what JSON reads") func literals() throws {
        var map: TemplateMap = ["a": 1, "b": [nil, true, 2.5, "x"]]
        map["c"] = ["d": "\(1 + 1)"]
        map["a"] = nil
        #expect(try TemplateValue(json: #"{"b": [null, true, 2.5, "x"], "c": {"d": "2"}}"#) == .map(map))
    }
}
