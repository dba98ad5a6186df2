import ModelFiles

/// Tokens as the bytes they stand for, and the way back from bytes to the token.
final class Vocabulary: Sendable {
    let count: Int
    let types: [TokenizerDefinition.TokenType]
    /// The token of each single byte, or -1. SentencePiece: of each ASCII character.
    let byteTokens: FixedTable<TokenID>
    private let bytes: FixedTable<UInt8>
    private let offsets: FixedTable<UInt32>
    /// Open addressing; a slot holds the hash's high half and, below it, the id, or is `emptySlot`.
    private let slots: FixedTable<UInt64>
    private let slotMask: Int

    private static let emptySlot = UInt64.max

    /// - spellings: the bytes of each token.
    /// - isFindable: whether text may become the token, by id. Such tokens must differ.
    init(
        spellings: TokenSpellings, types: [TokenizerDefinition.TokenType], isFindable: [Bool]
    ) throws(TokenizerError) {
        count = types.count
        self.types = types
        bytes = spellings.bytes
        offsets = spellings.offsets
        var capacity = 512
        while capacity < count + count / 2 { capacity *= 2 }
        slotMask = capacity - 1

        let (count, mask, bytes, offsets) = (count, slotMask, bytes, offsets)
        var byteTokens = [TokenID](repeating: -1, count: 256)
        slots = try FixedTable(count: capacity) { slots throws(TokenizerError) in
            slots.initialize(repeating: Self.emptySlot)
            for id in TokenID(0)..<TokenID(count) where isFindable[Int(id)] {
                let start = bytes.base + Int(offsets[Int(id)])
                let length = Int(offsets[Int(id) + 1] - offsets[Int(id)])
                let hash = ByteHash.hash(start, count: length)
                var slot = Int(truncatingIfNeeded: hash) & mask
                while slots[slot] != Self.emptySlot {
                    let other = TokenID(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF)
                    if slots[slot] >> 32 == hash >> 32, Self.equal(other, start, length, bytes, offsets) {
                        throw .duplicateToken(text: Self.quoted(start, length), first: other, second: id)
                    }
                    slot = (slot + 1) & mask
                }
                slots[slot] = (hash >> 32) << 32 | UInt64(UInt32(id))
                if length == 1 { byteTokens[Int(start[0])] = id }
            }
        }
        self.byteTokens = FixedTable(byteTokens)
    }

    /// The token of these bytes, or -1.
    @inline(__always)
    func token(of start: UnsafePointer<UInt8>, count length: Int) -> TokenID {
        let hash = ByteHash.hash(start, count: length)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while slots[slot] != Self.emptySlot {
            let id = TokenID(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF)
            if slots[slot] >> 32 == hash >> 32, Self.equal(id, start, length, bytes, offsets) { return id }
            slot = (slot + 1) & slotMask
        }
        return -1
    }

    /// Whether the bytes of token `id` are these.
    @inline(__always)
    func isToken(_ id: TokenID, _ start: UnsafePointer<UInt8>, count length: Int) -> Bool {
        Self.equal(id, start, length, bytes, offsets)
    }

    /// The bytes of a token of the vocabulary, valid as long as the vocabulary is held.
    func bytes(of id: TokenID) -> UnsafeBufferPointer<UInt8> {
        let start = Int(offsets[Int(id)])
        return UnsafeBufferPointer(start: bytes.base + start, count: Int(offsets[Int(id) + 1]) - start)
    }

    @inline(__always)
    private static func equal(
        _ id: TokenID, _ start: UnsafePointer<UInt8>, _ length: Int, _ bytes: FixedTable<UInt8>,
        _ offsets: FixedTable<UInt32>
    ) -> Bool {
        let own = Int(offsets[Int(id)])
        guard Int(offsets[Int(id) + 1]) - own == length else { return false }
        for index in 0..<length where bytes[own + index] != start[index] { return false }
        return true
    }

    private static func quoted(_ start: UnsafePointer<UInt8>, _ length: Int) -> String {
        "'" + String(decoding: UnsafeBufferPointer(start: start, count: min(length, 64)), as: UTF8.self) + "'"
    }
}

/// The bytes that each token stands for, one token behind another.
struct TokenSpellings {
    let bytes: FixedTable<UInt8>
    /// Where each token starts in `bytes`, and the end of the last.
    let offsets: FixedTable<UInt32>

    var starts: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: offsets.base, count: offsets.count) }

    /// Lets `spell` write the bytes of each of `tokens`, never more than the token's own, and say how many.
    init<E: Error>(
        of tokens: ByteStrings,
        spell: (Int, UnsafeBufferPointer<UInt8>, UnsafeMutablePointer<UInt8>) throws(E) -> Int
    ) throws(E) {
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(tokens.count + 1)
        bytes = try FixedTable(count: tokens.bytes.count) { (memory) throws(E) in
            memory.initialize(repeating: 0)
            guard let output = memory.baseAddress else {
                offsets.append(contentsOf: repeatElement(0, count: tokens.count))
                return
            }
            var written = 0
            try tokens.bytes.withUnsafeBufferPointer { (all) throws(E) in
                for id in 0..<tokens.count {
                    let spelling = UnsafeBufferPointer(
                        rebasing: all[Int(tokens.offsets[id])..<Int(tokens.offsets[id + 1])])
                    written += try spell(id, spelling, output + written)
                    offsets.append(UInt32(written))
                }
            }
        }
        self.offsets = FixedTable(offsets)
    }
}
