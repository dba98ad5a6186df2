import LanguageServers
import TestSupport
import Testing

@Suite("Messages in a stream of bytes")
struct MessageFramingTests {
    private func fault(_ text: String, limit: Int = 1000) -> MessageFraming.Fault? {
        var framing = MessageFraming(limit: limit)
        do {
            _ = try framing.accept(Array(text.utf8)[...])
            return nil
        } catch {
            return error
        }
    }

    @Test("are the same however the bytes are cut", arguments: 0..<200)
    func cuts(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let messages = (0..<random.below(5)).map { _ in noise(random.below(300), seed: random.next()) }
        let stream = messages.flatMap { message in
            switch random.below(3) {
            case 0: MessageFraming.framed(message)
            case 1:
                Array("Content-Type: application/json\r\ncontent-length:\(message.count)\r\n\r\n".utf8) + message
            default: Array("Content-Length:  \(message.count) \n\n".utf8) + message
            }
        }
        var framing = MessageFraming()
        var found: [[UInt8]] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let part = rest.prefix(1 + random.below(40))
            found += try framing.accept(part)
            rest = rest.dropFirst(part.count)
        }
        #expect(found == messages)
    }

    @Test("end where a header is none, with what stood there")
    func notHeaders() {
        #expect(fault("Welcome to the server!\n") == .notAHeader("Welcome to the server!"))
        #expect(fault("I[12:00:01] ready\r\n") == .notAHeader("I[12:00:01] ready"))
        #expect(fault("Content-Length: many\r\n") == .notAHeader("Content-Length: many"))
        #expect(fault("\r\n{}") == .noLength)
        #expect(fault("Content-Type: x\r\n\r\n{}") == .noLength)
        #expect(fault(String(repeating: "x", count: 10_000))?.description.utf8.count ?? 1000 < 200)
    }

    @Test("have a bounded length, whatever they claim")
    func lengths() {
        #expect(fault("Content-Length: 1000\r\n\r\n") == nil)
        #expect(fault("Content-Length: 1001\r\n\r\n") == .tooLong(bytes: 1001, limit: 1000))
        #expect(fault("Content-Length: 99999999999999999999999\r\n") == .tooLong(bytes: .max, limit: 1000))
        #expect(fault("Content-Length: -5\r\n") == .notAHeader("Content-Length: -5"))
        #expect(fault(String(repeating: "A: b\r\n", count: 2000)) != nil)
    }

    @Test("of random bytes end with a fault or none, never with more than came", arguments: 0..<300)
    func fuzz(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let words = [
            "Content-Length: ", "12", "\r\n", "\n", "{}", ":", "\0", "\u{FF}", "content-length:0\r\n\r\n", " ",
        ]
        let text = (0..<random.below(60)).map { _ in words[random.below(words.count)] }.joined()
        let bytes = Array(text.utf8)
        var framing = MessageFraming(limit: 100)
        var count = 0
        do {
            for byte in bytes { count += try framing.accept([byte]).reduce(0) { $0 + $1.count } }
            var whole = MessageFraming(limit: 100)
            #expect(try whole.accept(bytes[...]).reduce(0) { $0 + $1.count } == count)
        } catch {
            #expect(!"\(error)".isEmpty)
        }
        #expect(count <= bytes.count)
    }
}
