/// The texts of a line of JSON as they are meant, without a tree of its values: what looks for runs of tokens needs
/// none.
enum JSONTexts {
    /// The line with its escapes replaced, and spaces for its quotes.
    static func unescaped(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(line.count)
        var place = line.startIndex
        while place < line.endIndex {
            let byte = line[place]
            place += 1
            guard byte == UInt8(ascii: "\\"), place < line.endIndex else {
                text.append(byte == UInt8(ascii: "\"") ? UInt8(ascii: " ") : byte)
                continue
            }
            let escape = line[place]
            place += 1
            switch escape {
            case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): text.append(UInt8(ascii: " "))
            case UInt8(ascii: "u"):
                guard var scalar = hex(line, place) else { continue }
                place += 4
                if 0xd800..<0xdc00 ~= scalar, line[place...].starts(with: "\\u".utf8),
                    let low = hex(line, place + 2), 0xdc00..<0xe000 ~= low
                {
                    scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
                    place += 6
                }
                text += String(Unicode.Scalar(scalar).map(Character.init) ?? "\u{fffd}").utf8
            default: text.append(escape)
            }
        }
        return text
    }

    private static func hex(_ line: ArraySlice<UInt8>, _ place: Int) -> UInt32? {
        guard place + 4 <= line.endIndex else { return nil }
        return UInt32(String(decoding: line[place..<place + 4], as: UTF8.self), radix: 16)
    }
}
