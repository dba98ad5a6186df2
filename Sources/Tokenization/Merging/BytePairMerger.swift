/// Merges the symbols of one word, best pair first, leftmost among equals.
///
/// Short words scan all pairs for the best; long ones keep pairs in a heap, so that a megabyte without a word
/// boundary takes n log n steps.
struct BytePairMerger: ~Copyable {
    /// Up to here a scan is quicker than a heap.
    private static let longestScan = 48

    private var symbols = ScratchBuffer<TokenID>()
    private var merges = ScratchBuffer<Candidate>()
    private var links = ScratchBuffer<Links>()
    private var heap = MinHeap()

    /// What a symbol and its right neighbour become.
    private struct Candidate: BitwiseCopyable {
        var rank: UInt32
        var token: TokenID

        static let none = Candidate(rank: .max, token: -1)
    }

    /// Neighbours in the list of symbols that are left; -1 at the ends.
    private struct Links: BitwiseCopyable {
        var previous: Int32
        var next: Int32
    }

    /// Longer words are merged in pieces of this many symbols: positions have 32 bits, and memory has an end.
    static let mostSymbols = 1 << 28

    /// Symbols that memory is held for.
    var capacity: Int { symbols.capacity }

    /// Starts a word of at most `count` symbols.
    mutating func begin(_ count: Int) {
        symbols.removeAll()
        symbols.reserve(count)
    }

    /// Adds the next symbol of the word.
    @inline(__always)
    mutating func add(_ symbol: TokenID) { symbols.append(symbol) }

    /// Merges as far as `table` goes and appends what is left to `output`.
    mutating func merge(with table: MergeTable, into output: inout ScratchBuffer<TokenID>) {
        guard symbols.count > 0 else { return }
        if symbols.count <= Self.longestScan {
            mergeByScanning(table, into: &output)
        } else {
            precondition(symbols.count <= Self.mostSymbols, "a word is cut before it is merged")
            mergeByHeap(table, into: &output)
        }
    }

    private mutating func mergeByScanning(_ table: MergeTable, into output: inout ScratchBuffer<TokenID>) {
        var count = symbols.count
        merges.removeAll()
        merges.reserve(count)
        let symbols = symbols.base
        let merges = merges.base
        for index in 0..<count - 1 { merges[index] = Self.candidate(symbols[index], symbols[index + 1], table) }
        while count > 1 {
            var best = 0
            for index in 1..<max(count - 1, 1) where merges[index].rank < merges[best].rank { best = index }
            if merges[best].rank == .max { break }
            symbols[best] = merges[best].token
            count -= 1
            for index in best + 1..<max(count, best + 1) { symbols[index] = symbols[index + 1] }
            for index in best + 1..<max(count - 1, best + 1) { merges[index] = merges[index + 1] }
            if best + 1 < count { merges[best] = Self.candidate(symbols[best], symbols[best + 1], table) }
            if best > 0 { merges[best - 1] = Self.candidate(symbols[best - 1], symbols[best], table) }
        }
        output.reserve(count)
        for index in 0..<count { output.appendReserved(symbols[index]) }
    }

    private mutating func mergeByHeap(_ table: MergeTable, into output: inout ScratchBuffer<TokenID>) {
        let count = symbols.count
        merges.removeAll()
        merges.reserve(count)
        links.removeAll()
        links.reserve(count)
        heap.removeAll()
        let symbols = symbols.base
        let merges = merges.base
        let links = links.base
        for index in 0..<count {
            links[index] = Links(previous: Int32(index) - 1, next: index + 1 < count ? Int32(index) + 1 : -1)
            merges[index] = index + 1 < count ? Self.candidate(symbols[index], symbols[index + 1], table) : .none
            if merges[index].rank != .max { heap.appendUnordered(Self.entry(merges[index].rank, index)) }
        }
        heap.order()

        while let entry = heap.removeSmallest() {
            let left = Int(entry & 0xFFFF_FFFF)
            // A pair that changed since has another rank, or none.
            guard merges[left].rank == UInt32(entry >> 32) else { continue }
            let right = Int(links[left].next)
            let next = Int(links[right].next)
            let previous = Int(links[left].previous)
            symbols[left] = merges[left].token
            merges[right].rank = .max
            links[left].next = Int32(next)
            merges[left] = .none
            if next >= 0 {
                links[next].previous = Int32(left)
                merges[left] = Self.candidate(symbols[left], symbols[next], table)
                if merges[left].rank != .max { heap.insert(Self.entry(merges[left].rank, left)) }
            }
            if previous >= 0 {
                merges[previous] = Self.candidate(symbols[previous], symbols[left], table)
                if merges[previous].rank != .max { heap.insert(Self.entry(merges[previous].rank, previous)) }
            }
        }

        var index = 0
        while index >= 0 {
            output.append(symbols[index])
            index = Int(links[index].next)
        }
    }

    @inline(__always)
    private static func candidate(_ left: TokenID, _ right: TokenID, _ table: MergeTable) -> Candidate {
        let merge = table.merge(left, right)
        return Candidate(rank: merge.rank, token: merge.token)
    }

    /// Ordered by rank, then by position.
    @inline(__always)
    private static func entry(_ rank: UInt32, _ position: Int) -> UInt64 {
        UInt64(rank) << 32 | UInt64(UInt32(position))
    }
}

/// A binary heap of words, smallest first.
struct MinHeap: ~Copyable {
    private var entries = ScratchBuffer<UInt64>()

    mutating func removeAll() { entries.removeAll() }

    /// Adds an entry out of order: `order` must follow before anything is removed.
    mutating func appendUnordered(_ entry: UInt64) { entries.append(entry) }

    mutating func order() {
        var index = entries.count / 2
        while index > 0 {
            index -= 1
            sink(entries.base[index], from: index)
        }
    }

    mutating func insert(_ entry: UInt64) {
        entries.append(entry)
        var index = entries.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard entries.base[parent] > entry else { break }
            entries.base[index] = entries.base[parent]
            index = parent
        }
        entries.base[index] = entry
    }

    mutating func removeSmallest() -> UInt64? {
        guard entries.count > 0 else { return nil }
        let smallest = entries.base[0]
        let last = entries.base[entries.count - 1]
        entries.removeLast()
        if entries.count > 0 { sink(last, from: 0) }
        return smallest
    }

    private mutating func sink(_ entry: UInt64, from start: Int) {
        let base = entries.base
        var index = start
        while true {
            var child = index * 2 + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, base[child + 1] < base[child] { child += 1 }
            guard base[child] < entry else { break }
            base[index] = base[child]
            index = child
        }
        base[index] = entry
    }
}
