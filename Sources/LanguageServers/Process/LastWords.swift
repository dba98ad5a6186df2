/// The last lines of an output that may be endless.
struct LastWords: Sendable {
    private static let lineLimit = 5
    private static let byteLimit = 300
    private var lines: [[UInt8]] = []
    private var open: [UInt8] = []

    mutating func accept(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte == 10 {
                if open.contains(where: { $0 > 32 }) { lines.append(open) }
                if lines.count > Self.lineLimit { lines.removeFirst() }
                open = []
            } else if open.count < Self.byteLimit {
                open.append(byte)
            }
        }
    }

    /// Without what terminals would do something for.
    var text: [String] {
        (lines + [open]).suffix(Self.lineLimit).compactMap { line in
            let text = String(decoding: line.filter { $0 >= 32 && $0 != 127 }, as: UTF8.self)
            return text.allSatisfy(\.isWhitespace) ? nil : text
        }
    }
}
