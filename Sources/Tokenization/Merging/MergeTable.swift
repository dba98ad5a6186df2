/// The merges of a BPE model: which neighbours become which token, and which go first.
final class MergeTable: Sendable {
    struct Merge: BitwiseCopyable {
        /// Left token in the high half, right token in the low.
        var key: UInt64
        /// Lower goes first.
        var rank: UInt32
        var token: TokenID

        static let none = Merge(key: .max, rank: .max, token: -1)
    }

    private let slots: FixedTable<Merge>
    private let slotMask: UInt64

    /// - merges: where a pair occurs twice, the later one counts, as in the reference implementation.
    init(_ merges: [Merge]) {
        var capacity = 16
        while capacity < merges.count + merges.count / 2 { capacity *= 2 }
        let mask = UInt64(capacity - 1)
        slots = FixedTable(count: capacity) { slots in
            slots.initialize(repeating: .none)
            for merge in merges {
                var slot = Self.slot(of: merge.key, mask)
                while slots[Int(slot)].key != merge.key, slots[Int(slot)].key != .max { slot = (slot + 1) & mask }
                slots[Int(slot)] = merge
            }
        }
        slotMask = mask
    }

    /// What `left` and `right` become, or `Merge.none`.
    @inline(__always)
    func merge(_ left: TokenID, _ right: TokenID) -> Merge {
        let key = Self.key(left, right)
        var slot = Self.slot(of: key, slotMask)
        while true {
            let merge = slots[Int(slot)]
            if merge.key == key { return merge }
            if merge.key == .max { return .none }
            slot = (slot + 1) & slotMask
        }
    }

    /// Ids are not negative, so that no key is `.max`.
    @inline(__always)
    static func key(_ left: TokenID, _ right: TokenID) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always)
    private static func slot(of key: UInt64, _ mask: UInt64) -> UInt64 {
        let product = key &* 0x9E37_79B9_7F4A_7C15
        return (product ^ product >> 32) & mask
    }
}
