/// Lines and columns in a text.
package struct TextPlaces {
    private let text: [UInt8]
    /// Where each line begins, in bytes.
    private let starts: [Int]

    package init(_ text: [UInt8]) {
        self.text = text
        var starts = [0]
        for (place, byte) in text.enumerated() where byte == UInt8(ascii: "\n") { starts.append(place + 1) }
        self.starts = starts
    }

    /// The column of a byte, counted from 1 in UTF-16 units.
    /// - Parameter line: in which it is, counted from 1.
    package func column(of offset: Int, line: Int) -> Int {
        guard starts.indices.contains(line - 1) else { return 1 }
        let start = starts[line - 1]
        guard start <= offset, offset <= text.count else { return 1 }
        var column = 1
        for place in start..<offset {
            switch text[place] {
            // The bytes after the first one of a character.
            case 0x80...0xBF: continue
            // Characters beyond the first 65,536 take two units.
            case 0xF0...: column += 2
            default: column += 1
            }
        }
        return column
    }

    /// The column of a word in a line, the first one that is no part of a longer word; 1 where it does not stand there.
    /// - Parameter from: where to look first, in bytes.
    package func column(of word: ArraySlice<UInt8>, line: Int, from offset: Int = 0) -> Int {
        guard starts.indices.contains(line - 1), let first = word.first else { return 1 }
        let end = line < starts.count ? starts[line] : text.count
        var place = max(starts[line - 1], offset)
        while place + word.count <= end {
            if text[place] == first, text[place..<place + word.count].elementsEqual(word),
                !isLetter(place - 1), !isLetter(place + word.count)
            {
                return column(of: place, line: line)
            }
            place += 1
        }
        return 1
    }

    private func isLetter(_ place: Int) -> Bool {
        guard text.indices.contains(place) else { return false }
        switch text[place] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...,
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            return true
        default: return false
        }
    }
}
