import CodeGraph

/// The lines of a file as it was indexed.
struct SourceLines {
    private let lines: [ArraySlice<UInt8>]

    init(_ text: [UInt8]) {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
    }

    var count: Int { lines.count }

    /// One line, counted from 1, without its end.
    subscript(number: Int) -> String {
        guard lines.indices.contains(number - 1) else { return "" }
        var line = lines[number - 1]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    /// Lines with their numbers, as many as fit.
    /// - Returns: the text, and the last line in it.
    func numbered(_ range: ClosedRange<Int>, characterLimit: Int) -> (text: String, last: Int) {
        var text = ""
        var last = range.lowerBound - 1
        for number in range {
            var code = self[number]
            if code.count > Self.widest { code = code.prefix(Self.widest) + " … (\(code.count) characters)" }
            let line = "\(number)\t\(code)\n"
            if text.count + line.count > characterLimit, !text.isEmpty { break }
            text += line
            last = number
        }
        return (text, last)
    }

    /// Characters of a line; longer ones are cut off.
    private static let widest = 2000
}
