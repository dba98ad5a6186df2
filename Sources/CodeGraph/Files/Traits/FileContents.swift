/// What the bytes of a file tell about it.
enum FileContents {
    /// How much of a file is looked at to tell text from other things.
    private static let sampleByteCount = 8192

    static func isBinary(_ contents: Span<UInt8>, limits: FileLimits) -> Bool {
        let count = min(contents.count, sampleByteCount)
        var invalid = 0
        var index = 0
        while index < count {
            let byte = contents[index]
            if byte == 0 { return true }
            if byte < 0x80 {
                index += 1
                continue
            }
            let length = sequenceLength(contents, at: index, end: count)
            if length == 0 { invalid += 1 }
            index += max(length, 1)
        }
        return Double(invalid) > Double(count) * limits.invalidShare
    }

    /// The bytes of the character that begins here with a byte beyond ASCII; 0 when that is no UTF-8. A character that
    /// the end cuts off counts as far as it goes.
    private static func sequenceLength(_ contents: Span<UInt8>, at start: Int, end: Int) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch contents[start] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        // The narrower ranges leave out overlong forms, surrogates, and what lies beyond Unicode.
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        for offset in 1..<length {
            guard start + offset < end else { return offset }
            let range = offset == 1 ? second : 0x80...0xBF
            guard range.contains(contents[start + offset]) else { return 0 }
        }
        return length
    }

    /// Jumps from line to line by the limit and looks back for a line's end: few bytes of ordinary files are read.
    static func hasLine(in contents: Span<UInt8>, longerThan limit: Int) -> Bool {
        var start = 0
        while contents.count - start > limit {
            // A line of exactly the limit has its end behind that many bytes.
            var end = start + limit
            while contents[end] != UInt8(ascii: "\n") {
                guard end > start else { return true }
                end -= 1
            }
            start = end + 1
        }
        return false
    }
}
