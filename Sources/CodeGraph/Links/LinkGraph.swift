package import SQLite

/// The links of an index in memory: files by their paths' order, so that nothing depends on when a file was indexed.
package struct LinkGraph {
    /// By path.
    package let files: [Int]
    package let paths: [String]
    let traits: [FileTraits]
    /// Where each file's edges begin, and one more.
    private let starts: [Int32]
    private let targets: [Int32]
    /// The share of the source's weight.
    private let shares: [Float]
    private let names: [Named]
    let indexes: [Int: Int]

    /// A use of a name of another file.
    private struct Named {
        var source: Int32
        var target: Int32
        var name: NameHash
        var share: Float
    }

    package init(_ store: GraphStore) throws(SQLiteError) {
        let statement = try store.statement("SELECT file, path, traits, used FROM links")
        try statement.bind([])
        var rows: [(id: Int, path: String, traits: Int, used: [UInt8])] = []
        while try statement.step() {
            rows.append((statement.int(0), statement.string(1), statement.int(2), statement.bytes(3)))
        }
        let ordered = rows.indices.sorted { rows[$0].path.utf8.lexicographicallyPrecedes(rows[$1].path.utf8) }
        files = ordered.map { rows[$0].id }
        paths = ordered.map { rows[$0].path }
        traits = ordered.map { FileTraits(rawValue: rows[$0].traits) }
        let indexes = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1, $0) })
        self.indexes = indexes
        var starts: [Int32] = [0]
        var targets: [Int32] = []
        var shares: [Float] = []
        var names: [Named] = []
        for (source, place) in ordered.enumerated() {
            var edges: [(target: Int32, weight: Int)] = []
            let first = names.count
            var total = 0
            var last = -1
            var index: Int32 = -1
            FileLinks.forEach(in: rows[place].used) { link in
                if link.target != last {
                    last = link.target
                    index = indexes[last].map(Int32.init) ?? -1
                    if index >= 0 { edges.append((index, 0)) }
                }
                guard index >= 0 else { return }
                edges[edges.count - 1].weight += link.weight
                total += link.weight
                if link.name != .none {
                    names.append(
                        Named(source: Int32(source), target: index, name: link.name, share: Float(link.weight)))
                }
            }
            // The order of numbers is that of indexing; the order of paths is everyone's.
            edges.sort { $0.target < $1.target }
            for edge in edges {
                targets.append(edge.target)
                shares.append(Float(edge.weight) / Float(total))
            }
            for index in first..<names.count { names[index].share /= Float(total) }
            starts.append(Int32(targets.count))
        }
        self.starts = starts
        self.targets = targets
        self.shares = shares
        self.names = names
    }

    /// How important each file is, 1 in all. Whoever follows uses at random is there that often; now and then they
    /// start again, at `focus` or, without it, anywhere.
    package func ranks(focus: Set<Int> = []) -> [Float] {
        let count = files.count
        guard count > 0 else { return [] }
        let wanted = focus.compactMap { indexes[$0] }
        var start = [Float](repeating: wanted.isEmpty ? 1 / Float(count) : Self.elsewhere / Float(count), count: count)
        for index in wanted { start[index] += (1 - Self.elsewhere) / Float(wanted.count) }
        var ranks = start
        for _ in 0..<Self.rounds {
            var next = start.map { $0 * (1 - Self.damping) }
            var lost: Float = 0
            for source in 0..<count {
                let (low, high) = (Int(starts[source]), Int(starts[source + 1]))
                if low == high { lost += ranks[source] }
                let flow = ranks[source] * Self.damping
                for edge in low..<high { next[Int(targets[edge])] += flow * shares[edge] }
            }
            for index in 0..<count { next[index] += Self.damping * lost * start[index] }
            ranks = next
        }
        return ranks
    }

    private static let damping: Float = 0.85
    private static let rounds = 25
    /// How much of a new start is anywhere when there is a focus.
    private static let elsewhere: Float = 0.1

    /// How much each name brings to the file that defines it, for some of the files.
    func flows(into wanted: Set<Int>, ranks: [Float]) -> [Int: [NameHash: Float]] {
        var isWanted = [Bool](repeating: false, count: files.count)
        for index in wanted { isWanted[index] = true }
        var found: [Int: [NameHash: Float]] = [:]
        // In the order of the sources' paths, and of names within one: sums come out the same.
        for item in names where isWanted[Int(item.target)] {
            found[Int(item.target), default: [:]][item.name, default: 0] += ranks[Int(item.source)] * item.share
        }
        return found
    }
}
