/// Reads a tar archive that arrives in pieces. Takes regular files in no folder; links, devices and names that lead
/// elsewhere are errors. Understands ustar, and the long names and sizes of pax and GNU.
package struct TarReader {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let byteCount: Int
    }

    @safe
    package enum Event {
        case begin(Member)
        /// Part of the member's contents; valid as long as the piece.
        case bytes(UnsafeRawBufferPointer)
        case end
    }

    package struct Limits: Hashable, Sendable {
        package var memberByteCount = 256 << 20
        package var byteCount = 1 << 30
        package var memberCount = 10_000

        package init() {}
    }

    private enum State {
        case header
        case contents(left: Int, padding: Int)
        case fields(TarHeader.Kind, left: Int, padding: Int)
        case padding(left: Int)
        case ended
    }

    /// No extended header needs more.
    private static let fieldsLimit = 1 << 20

    private let limits: Limits
    private var state = State.header
    /// What has arrived of a header or of extended fields.
    private var gathered: [UInt8] = []
    private var fields = TarFields()
    private var offset = 0
    private var memberCount = 0
    private var total = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes from the front of `piece` what the next event needs; nil when the piece is used up.
    package mutating func next(_ piece: inout UnsafeRawBufferPointer) throws(TarError) -> Event? {
        while true {
            switch state {
            case .header:
                unsafe gather(TarHeader.byteCount - gathered.count, &piece)
                guard gathered.count == TarHeader.byteCount else { return nil }
                let block = gathered
                gathered = []
                if let member = try begin(block) { return .begin(member) }
            case .contents(0, let padding):
                state = .padding(left: padding)
                return .end
            case .contents(let left, let padding):
                guard unsafe !piece.isEmpty else { return nil }
                let bytes = unsafe take(left, &piece)
                state = .contents(left: left - bytes.count, padding: padding)
                return unsafe .bytes(bytes)
            case .fields(let kind, 0, let padding):
                try accept(kind)
                state = .padding(left: padding)
            case .fields(let kind, let left, let padding):
                guard unsafe !piece.isEmpty else { return nil }
                let count = unsafe gather(left, &piece)
                state = .fields(kind, left: left - count, padding: padding)
            case .padding(0):
                state = .header
            case .padding(let left):
                guard unsafe !piece.isEmpty else { return nil }
                state = unsafe .padding(left: left - take(left, &piece).count)
            case .ended:
                _ = unsafe take(.max, &piece)
                return nil
            }
        }
    }

    /// Says that no more pieces come: the archive must have reached its end mark.
    package func finish() throws(TarError) {
        guard case .ended = state else { throw .truncated(byteCount: offset) }
    }

    /// Decides what a header leads to; a member if it begins one.
    private mutating func begin(_ block: [UInt8]) throws(TarError) -> Member? {
        if block.allSatisfy({ $0 == 0 }) {
            state = .ended
            return nil
        }
        guard let header = TarHeader(block) else { throw .damaged(offset: offset - TarHeader.byteCount) }
        let byteCount = header.kind == .file ? fields.byteCount ?? header.byteCount : header.byteCount
        let padding = -byteCount & (TarHeader.byteCount - 1)
        let bytes = fields.name ?? header.name
        let name = String(decoding: bytes, as: UTF8.self)
        switch header.kind {
        case .file:
            guard Self.isPlain(bytes) else { throw .badName(name) }
            try count(name, byteCount)
            fields = TarFields()
            state = .contents(left: byteCount, padding: padding)
            return Member(name: name, byteCount: byteCount)
        case .other(let type):
            throw .notAFile(name: name, type: String(Unicode.Scalar(type)))
        case .fields, .globalFields, .longName, .longLink:
            guard byteCount <= Self.fieldsLimit else {
                throw .tooLarge(name: name, byteCount: byteCount, limit: Self.fieldsLimit)
            }
            state = .fields(header.kind, left: byteCount, padding: padding)
            return nil
        }
    }

    private mutating func count(_ name: String, _ byteCount: Int) throws(TarError) {
        memberCount += 1
        guard memberCount <= limits.memberCount else { throw .tooMany(limit: limits.memberCount) }
        let limit = min(limits.memberByteCount, limits.byteCount - total)
        guard byteCount <= limit else { throw .tooLarge(name: name, byteCount: byteCount, limit: limit) }
        total += byteCount
    }

    /// Takes over what was gathered of extended fields.
    private mutating func accept(_ kind: TarHeader.Kind) throws(TarError) {
        let records = gathered
        gathered = []
        switch kind {
        case .fields:
            guard let found = TarFields(records) else { throw .damaged(offset: offset) }
            fields.name = found.name ?? fields.name
            fields.byteCount = found.byteCount ?? fields.byteCount
        case .longName: fields.name = Array(records.prefix { $0 != 0 })
        default: break
        }
    }

    private static func isPlain(_ name: [UInt8]) -> Bool {
        guard let text = String(validating: name, as: UTF8.self) else { return false }
        return !["", ".", ".."].contains(text) && !name.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 }
    }

    private mutating func take(_ count: Int, _ piece: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let taken = unsafe UnsafeRawBufferPointer(rebasing: piece.prefix(count))
        unsafe piece = UnsafeRawBufferPointer(rebasing: piece.dropFirst(taken.count))
        offset += taken.count
        return unsafe taken
    }

    @discardableResult
    private mutating func gather(_ count: Int, _ piece: inout UnsafeRawBufferPointer) -> Int {
        let taken = unsafe take(count, &piece)
        unsafe gathered.append(contentsOf: taken)
        return taken.count
    }
}
