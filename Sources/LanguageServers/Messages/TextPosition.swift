/// What a position counts within its line.
package enum PositionEncoding: String, Hashable, Sendable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case utf32 = "utf-32"
}

/// A place in a text; both are counted from 0.
package struct TextPosition: Hashable, Sendable {
    package var line: Int
    /// Units of the encoding that was agreed on.
    package var character: Int

    package init(line: Int, character: Int) {
        self.line = line
        self.character = character
    }
}

/// Translates between offsets in a text's bytes and positions.
package struct LineTable: Sendable {
    private let text: [UInt8]
    /// Offsets at which lines begin.
    private let starts: [Int]

    package init(_ text: [UInt8]) {
        self.text = text
        var starts = [0]
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            // "\r\n" ends one line, as do "\n" and "\r" by themselves.
            if byte == 10 || byte == 13 && !(offset < text.count && text[offset] == 10) { starts.append(offset) }
        }
        self.starts = starts
    }

    /// Where a byte stands. - offset: of a character's first byte; those beyond the text are at its end.
    package func position(of offset: Int, _ encoding: PositionEncoding) -> TextPosition {
        let offset = min(max(offset, 0), text.count)
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        let units = text[starts[low]..<offset].reduce(0) { $0 + Self.units($1, encoding) }
        return TextPosition(line: low, character: units)
    }

    /// The byte at a position; positions beyond a line's end mean its end, as the protocol has it. Nil for lines that
    /// the text does not have.
    package func offset(of position: TextPosition, _ encoding: PositionEncoding) -> Int? {
        guard starts.indices.contains(position.line) else { return nil }
        let end = position.line + 1 < starts.count ? starts[position.line + 1] : text.count
        var offset = starts[position.line]
        var units = 0
        while offset < end, text[offset] != 10, text[offset] != 13 {
            units += Self.units(text[offset], encoding)
            if units > position.character { break }
            offset += 1
            // The rest of the same character counts nothing.
            while offset < end, encoding != .utf8, text[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }

    /// Units that a byte of UTF-8 begins.
    private static func units(_ byte: UInt8, _ encoding: PositionEncoding) -> Int {
        switch encoding {
        case .utf8: 1
        case .utf16: byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1
        case .utf32: byte & 0xC0 == 0x80 ? 0 : 1
        }
    }
}
