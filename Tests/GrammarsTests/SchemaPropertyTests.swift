import Grammars
import JSON
import TestSupport
import Testing

@Suite("JSON Schema, random schemas")
struct SchemaPropertyTests {
    private static let preferred: [UInt8: Int] = [0x22: 30, 0x7D: 8, 0x5D: 8, 0x5C: 3]

    @Test("what the grammar generates is valid, and what is valid is accepted", arguments: 0..<8)
    func soundAndComplete(batch: Int) throws {
        var schemas = RandomSchema(seed: UInt64(batch))
        var random = SplitMix64(seed: UInt64(batch) + 1_000)
        var (generated, abandoned) = (0, 0)
        for _ in 0..<90 {
            let sample = schemas.document()
            let validator = SchemaValidator(root: try JSONValue(parsing: Array(sample.schema.utf8)))
            let recognition: Recognition
            do {
                recognition = try Recognition(.jsonSchema(sample.schema))
            } catch {
                Issue.record("\(error): \(sample.schema)")
                continue
            }
            for _ in 0..<4 {
                let document = sample.document(&random)
                let value = try JSONValue(parsing: Array(document.utf8))
                #expect(validator.isValid(value), "the test's own document: \(document) of \(sample.schema)")
                #expect(recognition.accepts(document), "\(document) of \(sample.schema)")
            }
            for _ in 0..<4 {
                guard let bytes = recognition.randomText(&random, preferred: Self.preferred) else {
                    abandoned += 1
                    continue
                }
                generated += 1
                let text = String(validating: bytes, as: UTF8.self)
                #expect(text != nil)
                let value = try JSONValue(parsing: bytes)
                #expect(validator.isValid(value), "\(text ?? "") of \(sample.schema)")
            }
        }
        #expect(generated > 15 * abandoned, "\(generated) generated, \(abandoned) abandoned")
    }

    @Test("changed documents are accepted only if they are valid still")
    func mutations() throws {
        var schemas = RandomSchema(seed: 99)
        var random = SplitMix64(seed: 98)
        var accepted = 0
        for _ in 0..<150 {
            let sample = schemas.document()
            let validator = SchemaValidator(root: try JSONValue(parsing: Array(sample.schema.utf8)))
            let recognition = try Recognition(.jsonSchema(sample.schema))
            for _ in 0..<20 {
                var bytes = Array(sample.document(&random).utf8)
                let place = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = Array("0123456789-.\"[]{},:aetn".utf8)[random.below(23)]
                default: bytes.insert(Array("0123456789-.\"[]{},:aetn".utf8)[random.below(23)], at: place)
                }
                guard recognition.accepts(bytes) else { continue }
                accepted += 1
                let value = try JSONValue(parsing: bytes)
                #expect(validator.isValid(value), "\(String(decoding: bytes, as: UTF8.self)) of \(sample.schema)")
            }
        }
        #expect(accepted > 100)
    }

    @Test("any JSON value, any object, with spaces or without")
    func anyValue() throws {
        var random = SplitMix64(seed: 5)
        for spacing in [JSONSpacing.compact, .upTo(3)] {
            let values = try Recognition(.jsonValue(spacing))
            let objects = try Recognition(.jsonObject(spacing))
            var count = 0
            for _ in 0..<300 {
                guard let bytes = values.randomText(&random, preferred: Self.preferred, limit: 1_500) else { continue }
                count += 1
                let value = try JSONValue(parsing: bytes)
                #expect(objects.accepts(bytes) == (value.object != nil))
            }
            #expect(count > 150)
            #expect(
                !values.accepts("") && !values.accepts("{\"a\":1,}") && !values.accepts("nan") && !values.accepts("01"))
            #expect(values.accepts("{\"a\":[1,-2.5e3,\"\\ud83d\\ude00\",null,true,{}]}"))
            #expect(!values.accepts("\"\\ud83d\"") && !values.accepts("\"\\ude00\\ud83d\""))
            #expect(values.accepts("{ \"a\" : 1 }") == (spacing != .compact))
            #expect(!values.accepts("{    \"a\":1}"))
        }
    }
}
