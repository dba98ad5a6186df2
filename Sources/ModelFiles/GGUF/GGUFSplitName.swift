/// A path of the form `PREFIX-00002-of-00003.gguf`.
package struct GGUFSplitName: Hashable, Sendable {
    package let prefix: String
    /// From 1 to `count`.
    package let part: Int
    package let count: Int

    package init?(path: String) {
        let bytes = Array(path.utf8)
        // -NNNNN-of-NNNNN.gguf
        let suffix = bytes.suffix(20)
        guard suffix.count == 20, suffix.suffix(5).elementsEqual(".gguf".utf8) else { return nil }
        let start = suffix.startIndex
        guard suffix[start] == UInt8(ascii: "-"),
            suffix[(start + 6)..<(start + 10)].elementsEqual("-of-".utf8),
            let part = Self.number(suffix[(start + 1)..<(start + 6)]),
            let count = Self.number(suffix[(start + 10)..<(start + 15)]),
            part >= 1, part <= count
        else { return nil }
        prefix = String(decoding: bytes.dropLast(20), as: UTF8.self)
        self.part = part
        self.count = count
    }

    package func path(ofPart part: Int) -> String {
        "\(prefix)-\(Self.padded(part))-of-\(Self.padded(count)).gguf"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
