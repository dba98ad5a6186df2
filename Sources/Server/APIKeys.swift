import Crypto

/// The keys that open a server, as SHA-256 digests.
package struct APIKeys: Sendable {
    private var digests: [[UInt8]] = []

    package init() {}

    package var isEmpty: Bool { digests.isEmpty }

    package mutating func add(_ key: String) {
        digests.append(Self.digest(key))
    }

    /// A key, or `sha256:` and the 64 hexadecimal digits of its digest; nil where the digits are wrong.
    package mutating func add(line: String) -> Bool {
        let mark = "sha256:"
        guard line.hasPrefix(mark) else {
            add(line)
            return true
        }
        let digits = Array(line.dropFirst(mark.count).utf8)
        guard digits.count == 64 else { return false }
        var digest: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return false
            }
            digest.append(byte)
        }
        digests.append(digest)
        return true
    }

    /// Whether `key` is among them. Takes the same time wherever digests differ, and looks at all of them.
    package func admits(_ key: String) -> Bool {
        let wanted = Self.digest(key)
        var isKnown = false
        for digest in digests {
            var difference: UInt8 = 0
            for (a, b) in zip(digest, wanted) { difference |= a ^ b }
            isKnown = difference == 0 || isKnown
        }
        return isKnown
    }

    /// A name for whoever has `key`, from which the key can't be told.
    static func client(_ key: String) -> String {
        digest(key).prefix(8).map { String($0, radix: 16) }.joined(separator: "-")
    }

    private static func digest(_ key: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(key.utf8)))
    }
}
