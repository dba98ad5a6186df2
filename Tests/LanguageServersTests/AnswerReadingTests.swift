import JSON
import LanguageServers
import Testing

@Suite("What a server says")
struct AnswerReadingTests {
    private func places(_ json: String) throws -> [DefinitionPlace] {
        DefinitionPlace.places(try JSONValue(parsing: Array(json.utf8)))
    }

    @Test("names definitions in three forms")
    func forms() throws {
        let range = #"{"start": {"line": 3, "character": 4}, "end": {"line": 3, "character": 8}}"#
        let far = #"{"start": {"line": 1, "character": 0}, "end": {"line": 9, "character": 0}}"#
        let place = DefinitionPlace(path: "/a.c", position: TextPosition(line: 3, character: 4))
        let location = #"{"uri": "file:///a.c", "range": \#(range)}"#
        #expect(try places(location) == [place])
        #expect(try places("[\(location), \(location)]") == [place, place])
        let link = #"{"targetUri": "file:///a.c", "targetRange": \#(far), "targetSelectionRange": \#(range)}"#
        #expect(try places("[\(link)]") == [place])
    }

    @Test("names none where it has another form")
    func others() throws {
        for json in ["null", "[]", "3", "[null, 4]", #"{"uri": "file:///a"}"#, #"[{"uri": 4, "range": {}}]"#] {
            #expect(try places(json).isEmpty, "\(json)")
        }
        let jar = #"{"uri": "jar:file:///a.jar!/B.class", "range": {"start": {"line": 0, "character": 0}}}"#
        #expect(try places(jar) == [DefinitionPlace(path: nil, position: TextPosition(line: 0, character: 0))])
        let negative = #"{"uri": "file:///a", "range": {"start": {"line": -1, "character": 0}}}"#
        #expect(try places(negative).isEmpty)
    }

    @Test("is an answer, a refusal, a request or a notification; all else is nothing")
    func messages() {
        func message(_ json: String) -> ServerMessage? { ServerMessage(Array(json.utf8)) }
        #expect(message(#"{"id": 3, "result": null}"#) == .answer(id: 3, result: .null))
        #expect(
            message(#"{"id": 3, "error": {"code": -32801, "message": "no"}}"#)
                == .refusal(id: 3, RequestRefusal(code: -32801, message: "no")))
        #expect(message(#"{"id": "x", "method": "m"}"#) == .request(id: "x", method: "m", params: .null))
        #expect(message(#"{"method": "m", "params": [1]}"#) == .notification(method: "m", params: [1]))
        for json in ["", "[]", "{", "{}", #"{"id": "x", "result": 1}"#, #"{"id": null, "error": {}}"#] {
            #expect(message(json) == nil, "\(json)")
        }
    }
}
