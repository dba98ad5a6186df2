/// Cuts the bytes that a language server sends into messages: a header with `Content-Length`, an empty line, that many
/// bytes.
package struct MessageFraming: Sendable {
    package enum Fault: Error, Hashable, Sendable {
        /// A line of a header that is none; servers that print to standard output by mistake make them.
        case notAHeader(String)
        case noLength
        case tooLong(bytes: Int, limit: Int)
    }

    /// Bytes of all the lines of a header.
    private static let headerLimit = 8192
    private let limit: Int
    private var line: [UInt8] = []
    private var headerBytes = 0
    private var length: Int?
    private var body: [UInt8] = []
    private var isInBody = false

    /// - Parameter limit: bytes of a message.
    package init(limit: Int = 64 << 20) { self.limit = limit }

    /// The messages that these bytes end. After a fault nothing that follows can be understood.
    package mutating func accept(_ bytes: ArraySlice<UInt8>) throws(Fault) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var rest = bytes
        while !rest.isEmpty {
            if isInBody {
                let part = rest.prefix((length ?? 0) - body.count)
                body += part
                rest = rest[part.endIndex...]
            } else {
                let end = rest.firstIndex(of: UInt8(ascii: "\n"))
                let part = rest[..<(end ?? rest.endIndex)]
                headerBytes += part.count + 1
                line += part.prefix(Self.headerLimit)
                guard headerBytes <= Self.headerLimit else { throw .notAHeader(Self.shown(line)) }
                guard let end else { return messages }
                rest = rest[(end + 1)...]
                try endLine()
            }
            if isInBody, body.count == length {
                messages.append(body)
                (body, length, isInBody, headerBytes) = ([], nil, false, 0)
            }
        }
        return messages
    }

    private mutating func endLine() throws(Fault) {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line = [] }
        guard !line.isEmpty else {
            guard length != nil else { throw .noLength }
            isInBody = true
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .notAHeader(Self.shown(line)) }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard name.lowercased() == "content-length" else {
            // Content-Type is the only other one that there is.
            guard name.utf8.allSatisfy({ $0 == 45 || $0 | 32 >= 97 && $0 | 32 <= 122 }) else {
                throw .notAHeader(Self.shown(line))
            }
            return
        }
        let digits = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }.prefix { $0 >= 48 && $0 <= 57 }
        guard let count = Int(String(decoding: digits, as: UTF8.self)) else {
            // More digits than numbers have, or none.
            guard digits.isEmpty else { throw .tooLong(bytes: .max, limit: limit) }
            throw .notAHeader(Self.shown(line))
        }
        guard count <= limit else { throw .tooLong(bytes: count, limit: limit) }
        length = count
    }

    /// The first of the bytes, for an error.
    private static func shown(_ bytes: [UInt8]) -> String {
        String(String(decoding: bytes.prefix(80), as: UTF8.self).filter { !$0.isNewline && $0 != "\u{1B}" })
    }

    /// A message with its header.
    package static func framed(_ message: [UInt8]) -> [UInt8] {
        Array("Content-Length: \(message.count)\r\n\r\n".utf8) + message
    }
}

extension MessageFraming.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAHeader(let text): "'\(text)' stands where a header has to"
        case .noLength: "a message has no length"
        case .tooLong(let bytes, let limit):
            bytes == .max ? "a message's length is no number" : "a message has \(bytes) bytes, \(limit) are the limit"
        }
    }
}
