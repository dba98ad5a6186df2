/// A template's source with "\n" as its only line end and without the final one, as Jinja reads it.
struct SourceText: Sendable {
    let bytes: [UInt8]

    init(_ source: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.utf8.count)
        var previous: UInt8 = 0
        for byte in source.utf8 {
            if byte == 0x0D {
                bytes.append(0x0A)
            } else if byte != 0x0A || previous != 0x0D {
                bytes.append(byte)
            }
            previous = byte
        }
        if bytes.last == 0x0A { bytes.removeLast() }
        self.bytes = bytes
    }

    func location(of offset: Int) -> SourceLocation {
        let before = bytes[..<min(max(0, offset), bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return SourceLocation(line: line, column: Text(before[start...]).length + 1)
    }
}
