/// The 512 bytes before each member of a tar archive.
/// - SeeAlso: POSIX.1-2017, pax, "ustar Interchange Format".
struct TarHeader {
    enum Kind: Hashable {
        case file
        /// Extended fields of the next member, or of all that follow.
        case fields, globalFields
        /// GNU: the name of the next member, or the target of its link, does not fit.
        case longName, longLink
        case other(UInt8)
    }

    static let byteCount = 512

    let kind: Kind
    let name: [UInt8]
    let byteCount: Int

    /// Nil when the checksum or a number is wrong. - block: 512 bytes.
    init?(_ block: [UInt8]) {
        guard let checksum = Self.octal(block[148..<156]), checksum == Self.checksum(block),
            let byteCount = Self.number(block[124..<136])
        else { return nil }
        self.byteCount = byteCount
        kind =
            switch block[156] {
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
            case UInt8(ascii: "x"): .fields
            case UInt8(ascii: "g"): .globalFields
            case UInt8(ascii: "L"): .longName
            case UInt8(ascii: "K"): .longLink
            case let type: .other(type)
            }
        let name = Array(block[0..<100].prefix { $0 != 0 })
        // GNU's older header has times where this one has the folder.
        let hasFolder = block[257..<263].elementsEqual("ustar\0".utf8)
        let folder = hasFolder ? Array(block[345..<500].prefix { $0 != 0 }) : []
        self.name = folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name
    }

    /// The sum of all bytes, those of the checksum counted as blanks.
    static func checksum(_ block: [UInt8]) -> Int {
        let field = block[148..<156].reduce(0) { $0 + Int($1) }
        return block.reduce(0) { $0 + Int($1) } - field + 8 * Int(UInt8(ascii: " "))
    }

    /// Octal digits, or with the first bit set a big-endian number.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first, first & 0x80 != 0 else { return octal(field) }
        var value = Int(first & 0x7F)
        for byte in field.dropFirst() {
            guard value < 1 << 54 else { return nil }
            value = value << 8 | Int(byte)
        }
        return value
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let blanks: [UInt8] = [0, UInt8(ascii: " ")]
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { !blanks.contains($0) }
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) else {
            return nil
        }
        return digits.reduce(0) { $0 << 3 | Int($1 - UInt8(ascii: "0")) }
    }
}

/// The extended fields of a member that matter here.
struct TarFields {
    var name: [UInt8]?
    var byteCount: Int?

    init() {}

    /// Reads records of the form `LENGTH KEY=VALUE`, each ended by a line feed; nil when they are not of that form, or
    /// describe a file with holes.
    init?(_ records: [UInt8]) {
        var rest = records[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits.prefix(10), as: UTF8.self)), length <= rest.count,
                length >= digits.count + 2, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { return nil }
            let record = rest.prefix(length - 1).dropFirst(digits.count + 1)
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            let value = record[(equals + 1)...]
            if key.hasPrefix("GNU.sparse.") { return nil }
            switch key {
            case "path": name = Array(value)
            case "size":
                guard let size = Int(String(decoding: value, as: UTF8.self)), size >= 0 else { return nil }
                byteCount = size
            default: break
            }
        }
    }
}
