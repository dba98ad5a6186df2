import Foundation
import JSON
import TestSupport
import Testing
import WireFormats

extension Wire {
    /// Hands `parse` many damaged forms of a request: bytes changed at random, and values put where others belong.
    /// Whatever it throws has to be the client's fault and say something.
    static func damage(
        _ json: String, seed: UInt64, rounds: Int = 2000, _ parse: (RequestFields) throws(APIError) -> Void
    ) {
        var generator = SplitMix64(seed: seed)
        guard let good = try? JSONValue(parsing: Array(json.utf8)) else {
            Issue.record("The request is no JSON to begin with.")
            return
        }
        for round in 0..<rounds {
            var bytes: [UInt8]
            if round % 2 == 0 {
                bytes = Array(json.utf8)
                for _ in 0..<Int.random(in: 1...4, using: &generator) { damage(&bytes, &generator) }
            } else {
                var value = good
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    value = replaced(value, share: 0.1, &generator)
                }
                bytes = value.bytes
            }
            do throws(APIError) {
                try parse(RequestFields(body: bytes))
            } catch {
                #expect((400..<500).contains(error.status) || error.status == 501)
                #expect(!error.message.isEmpty)
            }
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[place] = .random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes.randomElement(using: &generator)!, at: place)
        }
    }

    /// The value with some of its parts taken out or exchanged for others.
    private static func replaced(_ value: JSONValue, share: Double, _ generator: inout SplitMix64) -> JSONValue {
        if Double.random(in: 0..<1, using: &generator) < share {
            let strange: [JSONValue] = [
                .null, true, -1, 0, 3, 0.5, 1e300, .largeInteger("99999999999999999999"), "", "text", "\u{0}", [], [[]],
                ["a", 1], [:], ["type": "text"], ["type": 3], [["type": "text", "text": .null]], [["role": "user"]],
            ]
            return strange.randomElement(using: &generator)!
        }
        switch value {
        case .array(let values):
            var result: [JSONValue] = []
            for value in values where Double.random(in: 0..<1, using: &generator) >= share / 2 {
                result.append(replaced(value, share: share, &generator))
            }
            return .array(result)
        case .object(let object):
            var result: [(key: String, value: JSONValue)] = []
            for (key, value) in object.members where Double.random(in: 0..<1, using: &generator) >= share / 2 {
                result.append((key, replaced(value, share: share, &generator)))
            }
            return .object(JSONObject(result))
        default: return value
        }
    }

    /// The messages of an event stream.
    static func messages(_ bytes: [UInt8]) throws -> [(event: String, data: JSONObject)] {
        try String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { frame in
            var event = ""
            var data = JSONObject()
            for line in frame.split(separator: "\n") {
                if line.hasPrefix("event: ") { event = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") {
                    data = try JSONValue(parsing: Array(line.dropFirst(6).utf8)).object ?? JSONObject()
                }
            }
            return (event, data)
        }
    }
}
