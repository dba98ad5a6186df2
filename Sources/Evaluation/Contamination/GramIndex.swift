/// The runs of tokens of all items, to be asked for each run of a corpus, of which nearly none is among them. Items are
/// few: all of their runs are kept, where an index of the corpus would have to leave most out, as winnowing does.
/// - SeeAlso: Schleimer, Wilkerson and Aiken 2003, "Winnowing: local algorithms for document fingerprinting".
struct GramIndex {
    /// A run of an item.
    struct Posting {
        var item: Int
        /// Counted from 0, in the order of the item; runs that are the same are one.
        var gram: Int
    }

    /// Of each item, those that count.
    private(set) var gramCounts: [Int]
    private var postings: [UInt64: [Posting]] = [:]
    /// A bit for the low bits of each hash, so that most questions end in the cache of the processor.
    private var filter: [UInt64]
    private let mask: UInt64

    /// - Parameters:
    ///   - items: hashes of the runs of each item.
    ///   - itemsOfRun: runs that more items have are left out.
    init(_ items: [[UInt64]], itemsOfRun: Int) {
        var owners: [UInt64: Int] = [:]
        for grams in items { for gram in Set(grams) { owners[gram, default: 0] += 1 } }
        var bits = 1 << 12
        while bits < owners.count * 16 { bits *= 2 }
        filter = [UInt64](repeating: 0, count: bits / 64)
        mask = UInt64(bits - 1)
        gramCounts = [Int](repeating: 0, count: items.count)
        for (item, grams) in items.enumerated() {
            var seen: Set<UInt64> = []
            for gram in grams where owners[gram, default: 0] <= itemsOfRun && seen.insert(gram).inserted {
                postings[gram, default: []].append(Posting(item: item, gram: gramCounts[item]))
                gramCounts[item] += 1
                filter[Int((gram & mask) / 64)] |= 1 << (gram % 64)
            }
        }
    }

    var isEmpty: Bool { postings.isEmpty }

    @inline(__always)
    func postings(of gram: UInt64) -> [Posting]? {
        guard filter[Int((gram & mask) / 64)] & 1 << (gram % 64) != 0 else { return nil }
        return postings[gram]
    }
}
