import Chat
import JSON
import Testing
import WireFormats

@Suite("llama-server's slots")
struct SlotRequestTests {
    private func request(_ action: String?, _ json: String, id: String = "3") throws(APIError) -> SlotRequest {
        try SlotRequest(id: id, action: action, body: Array(json.utf8))
    }

    @Test("a request becomes a slot, an action and a name; its answer says what was moved")
    func request() throws {
        let transfer = SlotTransfer(tokens: 7, bytes: 900)
        let save = try request("save", #"{"filename": "a b.bin"}"#)
        #expect(save.slot == 3 && save.action == .save(name: "a b.bin"))
        #expect(
            save.body(transfer, seconds: 0.5) == [
                "id_slot": 3, "filename": "a b.bin", "n_saved": 7, "n_written": 900, "timings": ["save_ms": 500.0],
            ])
        let restore = try request("restore", #"{"filename": "é"}"#)
        #expect(restore.body(transfer, seconds: 1).object?["n_read"]?.integer == 900)
        #expect(restore.body(transfer, seconds: 1).object?["n_restored"]?.integer == 7)
        #expect(try request("erase", "").body(transfer, seconds: 1) == ["id_slot": 3, "n_erased": 7])
    }

    @Test(
        "names stay in their folder",
        arguments: [
            "", ".", "..", "../a", "a/b", "a\\b", "/etc/passwd", ".hidden", "a.", "a ", " a", "a\u{0}", "a\n", "C:a",
            "a*", String(repeating: "a", count: 129),
        ])
    func names(name: String) throws {
        let body = JSONValue.object(JSONObject([("filename", .string(name))])).text
        for action in ["save", "restore"] {
            let error = try #require(throws: APIError.self) { try request(action, body) }
            #expect(error.status == 400 && error.parameter == "filename")
        }
    }

    @Test("what is no slot and no action is refused")
    func wrong() {
        for (action, body, id) in [
            ("fly", "{}", "0"), (nil, "{}", "0"), ("erase", "", "-1"), ("erase", "", "x"), ("save", "", "0"),
            ("save", #"{"filename": 3}"#, "0"), ("erase", "", "99999999999999999999"),
        ] as [(String?, String, String)] {
            #expect(throws: APIError.self) { try request(action, body, id: id) }
        }
        Wire.damage(#"{"filename": "abc"}"#, seed: 77, rounds: 500) { (fields) throws(APIError) in
            _ = try SlotRequest(id: "0", action: "save", body: fields.value.bytes)
        }
    }
}
