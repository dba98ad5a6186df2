/// Paths of files as `file:` URIs (RFC 8089), the way that language servers name documents.
package enum FileAddress {
    /// - Parameter path: absolute.
    package static func uri(path: String) -> String {
        var text = "file://"
        for byte in path.utf8 {
            if isPlain(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }

    /// Nil for what is no file of this machine.
    package static func path(uri: String) -> String? {
        guard uri.lowercased().hasPrefix("file://") else { return nil }
        let rest = uri.utf8.dropFirst(7)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let host = String(rest[..<slash]) ?? ""
        guard host.isEmpty || host == "localhost" else { return nil }
        var bytes: [UInt8] = []
        var place = slash
        while place < rest.endIndex, rest[place] != UInt8(ascii: "#"), rest[place] != UInt8(ascii: "?") {
            let byte = rest[place]
            place = rest.index(after: place)
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let end = rest.index(place, offsetBy: 2, limitedBy: rest.endIndex),
                let digits = String(rest[place..<end]), digits.utf8.allSatisfy({ $0 != 43 && $0 != 45 }),
                let value = UInt8(digits, radix: 16), value != 0
            else { return nil }
            bytes.append(value)
            place = end
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/-._~".utf8.contains(byte)
        }
    }
}
