import CodeGraph
import Testing

@Suite("Bytes in text")
struct ByteSearchTests {
    @Test("are found wherever the standard library finds them")
    func asTheStandardLibrary() {
        var found = 0
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 97...99) }
            let wanted = (0..<Int.random(in: 0...5)).map { _ in UInt8.random(in: 97...99) }
            #expect(text.holds(wanted) == text.contains(wanted), "\(wanted) in \(text)")
            if text.holds(wanted) { found += 1 }
        }
        // Both answers have to come often for the comparison to mean something.
        #expect((200...1800).contains(found))
    }
}
