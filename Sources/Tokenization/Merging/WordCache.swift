/// Recently encoded words and their tokens: two candidates per set, the older one goes.
///
/// Words of up to 16 bytes and results of up to 11 tokens fit; they are nearly all words of code and prose.
struct WordCache: ~Copyable {
    static let longestWord = 16
    static let mostTokens = 11

    /// A word as two little-endian words, zeros behind its end; the length tells trailing zero bytes apart.
    struct Key: BitwiseCopyable {
        var low: UInt64
        var high: UInt64
        var length: Int

        /// - text: `count` bytes from `start` on may be read, of which the first `length` are the word.
        @inline(__always)
        init(_ start: UnsafePointer<UInt8>, length: Int, readable: Int) {
            let raw = UnsafeRawPointer(start)
            if readable >= 16 {
                low = UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self))
                high = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                low &= length >= 8 ? .max : ~(UInt64.max &<< UInt64(length * 8))
                high &= length >= 16 ? .max : length <= 8 ? 0 : ~(UInt64.max &<< UInt64((length - 8) * 8))
            } else {
                low = ByteHash.load(start, count: min(length, 8))
                high = length > 8 ? ByteHash.load(start + 8, count: length - 8) : 0
            }
            self.length = length
        }
    }

    /// 64 bytes, a cache line.
    private struct Slot: BitwiseCopyable {
        var low: UInt64 = 0
        var high: UInt64 = 0
        var length: UInt16 = 0
        var tokenCount: UInt16 = 0
        var tokens: (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32) =
            (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    }

    private static let fewestSetBits = 8
    /// 2 MB: the words of tens of megabytes of code.
    private static let mostSetBits = 14

    private var slots: UnsafeMutablePointer<Slot>
    /// The logarithm of the number of sets.
    private var setBits = Self.fewestSetBits
    /// Words inserted since the cache had its size.
    private var inserted = 0

    init() { slots = Self.allocate(setBits: Self.fewestSetBits) }

    deinit { slots.deallocate() }

    /// Appends the word's tokens to `output` if the word is known.
    @inline(__always)
    func append(_ key: Key, to output: inout ScratchBuffer<TokenID>) -> Bool {
        let set = slots + setStart(key.low, key.high, key.length)
        if matches(set, key) {
            copy(set, to: &output)
            return true
        }
        if matches(set + 1, key) {
            copy(set + 1, to: &output)
            return true
        }
        return false
    }

    /// Remembers the tokens of a word that was not known.
    mutating func insert(_ key: Key, _ tokens: UnsafeBufferPointer<TokenID>) {
        guard tokens.count <= Self.mostTokens else { return }
        inserted += 1
        if inserted > 1 << setBits, setBits < Self.mostSetBits { grow() }
        var slot = Slot(low: key.low, high: key.high, length: UInt16(key.length), tokenCount: UInt16(tokens.count))
        withUnsafeMutableBytes(of: &slot.tokens) { $0.copyMemory(from: UnsafeRawBufferPointer(tokens)) }
        insert(slot)
    }

    private func insert(_ slot: Slot) {
        let set = slots + setStart(slot.low, slot.high, Int(slot.length))
        set[1] = set[0]
        set[0] = slot
    }

    private mutating func grow() {
        let old = UnsafeMutableBufferPointer(start: slots, count: 2 << setBits)
        setBits += 2
        inserted = 0
        slots = Self.allocate(setBits: setBits)
        for slot in old where slot.length > 0 { insert(slot) }
        old.deallocate()
    }

    private static func allocate(setBits: Int) -> UnsafeMutablePointer<Slot> {
        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: 2 << setBits)
        slots.initialize(repeating: Slot(), count: 2 << setBits)
        return slots
    }

    @inline(__always)
    private func setStart(_ low: UInt64, _ high: UInt64, _ length: Int) -> Int {
        let hash = ByteHash.mix(low ^ UInt64(truncatingIfNeeded: length), high)
        return Int(truncatingIfNeeded: hash >> UInt64(64 - setBits)) * 2
    }

    @inline(__always)
    private func matches(_ slot: UnsafeMutablePointer<Slot>, _ key: Key) -> Bool {
        slot.pointee.low == key.low && slot.pointee.high == key.high && Int(slot.pointee.length) == key.length
    }

    @inline(__always)
    private func copy(_ slot: UnsafeMutablePointer<Slot>, to output: inout ScratchBuffer<TokenID>) {
        output.reserve(Self.mostTokens)
        let tokens = UnsafeRawPointer(slot).advanced(by: MemoryLayout<Slot>.offset(of: \.tokens).unsafelyUnwrapped)
            .assumingMemoryBound(to: TokenID.self)
        let count = Int(slot.pointee.tokenCount)
        output.base[output.count] = tokens[0]
        for index in 1..<max(count, 1) { output.base[output.count + index] = tokens[index] }
        output.advance(by: count)
    }
}
