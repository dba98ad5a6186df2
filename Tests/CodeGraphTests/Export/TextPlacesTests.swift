import CodeGraph
import Testing

struct TextPlacesTests {
    @Test("counts columns as language servers do")
    func columns() {
        let text = "a\n\tü😀x\n\nlast"
        let places = TextPlaces(Array(text.utf8))
        let offset = Array(text.utf8).firstIndex(of: UInt8(ascii: "x"))!
        #expect(places.column(of: 0, line: 1) == 1)
        // A tab, a letter of two bytes, and one of two units.
        #expect(places.column(of: offset, line: 2) == 5)
        #expect(places.column(of: text.utf8.count, line: 4) == 5)
    }

    @Test("finds whole words, and column 1 for what is not there")
    func words() {
        let places = TextPlaces(Array("fun f(run) = f1 + f\nnext f".utf8))
        #expect(places.column(of: Array("f".utf8)[...], line: 1) == 5)
        #expect(places.column(of: Array("f".utf8)[...], line: 1, from: 6) == 19)
        #expect(places.column(of: Array("f".utf8)[...], line: 2) == 6)
        #expect(places.column(of: Array("g".utf8)[...], line: 2) == 1)
        #expect(places.column(of: Array("f".utf8)[...], line: 9) == 1)
        #expect(places.column(of: 99, line: 1) == 1)
    }
}
