/// One thing that is still to be matched, and what comes after it.
struct StackItem: Hashable, Sendable {
    var node: Int32
    /// How far the node is: bytes of a literal, state of an automaton, part of a sequence, iterations of a repetition,
    /// 1 within a scope.
    var progress: Int32
    /// The set of what may follow.
    var rest: Int32

    var frame: UInt64 { UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: progress)) }
}

/// Sets of stacks, each kept once and known by its number. Stacks that agree at the top are stored as one item whose
/// rest is a set again, so that exponentially many stacks take space that is polynomial in the text.
/// - SeeAlso: Tomita 1986, graph-structured stacks.
struct ContinuationTable: Sendable {
    /// No stack: nothing can follow.
    static let dead: Int32 = 0
    /// The empty stack: the text can end.
    static let end: Int32 = 1
    /// The end of a local walk.
    static let outside: Int32 = 2

    private var items: [StackItem] = []
    private var starts: [Int32] = [0]
    private var depths: [Int32] = []
    /// Of each set, whether the text can end, and whether a local walk is outside.
    private var marks: [Marks] = []
    /// Open addressing; -1 is free.
    private var slots = [Int32](repeating: -1, count: 256)
    private var unions: [UInt64: Int32] = [:]

    init() {
        _ = intern([])
        _ = intern([StackItem(node: Grammar.end, progress: 0, rest: 0)])
        _ = intern([StackItem(node: Grammar.outside, progress: 0, rest: 0)])
    }

    struct Marks: OptionSet, Sendable {
        let rawValue: UInt8
        static let end = Marks(rawValue: 1)
        static let outside = Marks(rawValue: 2)
    }

    var count: Int { depths.count }

    func marks(_ set: Int32) -> Marks { marks[Int(set)] }

    subscript(set: Int32) -> ArraySlice<StackItem> { items[range(set)] }

    func range(_ set: Int32) -> Range<Int> { Int(starts[Int(set)])..<Int(starts[Int(set) + 1]) }

    func item(_ index: Int) -> StackItem { items[index] }

    /// The height of the tallest stack.
    func depth(_ set: Int32) -> Int32 { depths[Int(set)] }

    /// - Parameter candidate: sorted by frame, each frame once.
    mutating func intern(_ candidate: [StackItem]) -> Int32 {
        if 2 * count >= slots.count { grow() }
        var slot = Self.hash(candidate[...]) & (slots.count - 1)
        while slots[slot] >= 0 {
            if self[slots[slot]] == candidate[...] { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        let set = Int32(count)
        items += candidate
        starts.append(Int32(items.count))
        var depth: Int32 = -1
        for item in candidate { depth = max(depth, depths[Int(item.rest)]) }
        depths.append(1 + depth)
        var mark: Marks = []
        // The two nodes sort before all others.
        for item in candidate.prefix(2) {
            if item.node == Grammar.end { mark.insert(.end) }
            if item.node == Grammar.outside { mark.insert(.outside) }
        }
        marks.append(mark)
        slots[slot] = set
        return set
    }

    mutating func union(_ first: Int32, _ second: Int32) -> Int32 {
        if first == second || second == Self.dead { return first }
        if first == Self.dead { return second }
        let key = UInt64(UInt32(min(first, second))) << 32 | UInt64(UInt32(max(first, second)))
        if let known = unions[key] { return known }
        var (left, right) = (range(first), range(second))
        var merged: [StackItem] = []
        while let i = left.first, let j = right.first {
            let (a, b) = (items[i], items[j])
            if a.frame == b.frame {
                merged.append(StackItem(node: a.node, progress: a.progress, rest: union(a.rest, b.rest)))
                left.removeFirst()
                right.removeFirst()
            } else if a.frame < b.frame {
                merged.append(a)
                left.removeFirst()
            } else {
                merged.append(b)
                right.removeFirst()
            }
        }
        merged += items[left]
        merged += items[right]
        let result = intern(merged)
        unions[key] = result
        return result
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 2 * slots.count)
        for set in 0..<Int32(count) {
            var slot = Self.hash(self[set]) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = set
        }
    }

    private static func hash(_ items: ArraySlice<StackItem>) -> Int {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for item in items {
            hash = (hash ^ item.frame) &* 0xBF58_476D_1CE4_E5B9
            hash = (hash ^ (hash >> 29) ^ UInt64(UInt32(item.rest))) &* 0x94D0_49BB_1331_11EB
        }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) >> 1)
    }
}
