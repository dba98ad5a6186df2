import LanguageServers
import TestSupport
import Testing

@Suite("Positions in a text")
struct TextPositionTests {
    @Test("count bytes, UTF-16 units or characters, by the encoding")
    func encodings() {
        let text = Array("a\nä😀b\r\nc".utf8)
        let table = LineTable(text)
        let b = 2 + 2 + 4
        #expect(table.position(of: b, .utf8) == TextPosition(line: 1, character: 6))
        #expect(table.position(of: b, .utf16) == TextPosition(line: 1, character: 3))
        #expect(table.position(of: b, .utf32) == TextPosition(line: 1, character: 2))
        #expect(table.offset(of: TextPosition(line: 1, character: 3), .utf16) == b)
        #expect(table.position(of: text.count - 1, .utf8) == TextPosition(line: 2, character: 0))
    }

    @Test("beyond a line's end mean its end, and lines that there are not mean nothing")
    func beyond() {
        let table = LineTable(Array("ab\ncd".utf8))
        #expect(table.offset(of: TextPosition(line: 0, character: 99), .utf8) == 2)
        #expect(table.offset(of: TextPosition(line: 1, character: 99), .utf16) == 5)
        #expect(table.offset(of: TextPosition(line: 2, character: 0), .utf8) == nil)
        #expect(table.position(of: 99, .utf8) == TextPosition(line: 1, character: 2))
    }

    @Test("lead back to the same byte", arguments: 0..<200)
    func roundTrip(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let pieces = ["a", "ä", "€", "😀", "\n", "\r\n", "\r", "\t"]
        var parts = (0..<random.below(40)).map { _ in pieces[random.below(pieces.count)] }
        // Together the two would be one end of a line.
        for index in parts.indices.dropFirst() where parts[index - 1] == "\r" && parts[index] == "\n" {
            parts[index] = "b"
        }
        let table = LineTable(Array(parts.joined().utf8))
        var offset = 0
        for part in parts {
            for encoding in [PositionEncoding.utf8, .utf16, .utf32] {
                let position = table.position(of: offset, encoding)
                #expect(table.offset(of: position, encoding) == offset, "\(parts) \(offset) \(encoding)")
            }
            offset += part.utf8.count
        }
    }

    @Test("of files have addresses that lead back to their paths")
    func addresses() {
        for path in ["/a/b.c", "/a b/ä#?%25.py", "/c++/x:y@z.h", "/"] {
            #expect(FileAddress.path(uri: FileAddress.uri(path: path)) == path)
        }
        #expect(FileAddress.uri(path: "/a b/ä") == "file:///a%20b/%C3%A4")
        #expect(FileAddress.path(uri: "file://localhost/a%2Fb") == "/a/b")
        for uri in [
            "http://a/b", "file:", "file://host/a", "file:///%", "file:///%4", "file:///%00", "file:///%FF", "",
        ] {
            #expect(FileAddress.path(uri: uri) == nil, "\(uri)")
        }
    }
}
