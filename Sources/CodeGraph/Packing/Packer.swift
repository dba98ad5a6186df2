/// Puts items into a packet as long as there is room. What was put in first stays.
struct Packer {
    let budget: Int
    private let counter: TokenCounter
    private var files: [String: [Packet.Item]] = [:]
    private var outlines: [String: [Int]] = [:]
    private var costs: [Packet.Item: Int] = [:]
    /// An upper bound as far as tokens do not reach over the ends of items; `packet` sees to the rest.
    private(set) var cost = 0
    /// What to take back first is last.
    private var accepted: [[Packet.Item]] = []

    init(budget: Int, counter: TokenCounter) {
        self.budget = budget
        self.counter = counter
    }

    /// Says at which lines a file's symbols begin.
    mutating func setOutline(_ lines: [Int], of path: String) { outlines[path] = lines }

    func isEmpty(_ path: String) -> Bool { files[path] == nil }

    /// Puts in what of these items is not there yet: a symbol and the signatures around it, all of one file.
    /// - Parameter limit: the packet's cost after it, at most.
    /// - Returns: false when there is no room; then nothing has changed.
    mutating func add(_ items: [Packet.Item], limit: Int? = nil) -> Bool {
        guard let path = items.first?.path else { return true }
        let before = files[path] ?? []
        var after = before
        for item in items {
            // Lines that are shown are shown once: the longer range stands for what is in it.
            if after.contains(where: { $0.lines.contains(item.line) && $0.lines.contains(item.lines.upperBound) }) {
                continue
            }
            after.removeAll { item.lines.contains($0.line) && item.lines.contains($0.lines.upperBound) }
            if after.contains(where: { $0.lines.overlaps(item.lines) }) { return false }
            after.append(item)
        }
        guard after != before else { return true }
        let header = files[path] == nil ? counter.count(Packet.header(path)) + counter.count(Packet.mark) : 0
        let change = after.reduce(header) { $0 + self.cost(of: $1) } - before.reduce(0) { $0 + self.cost(of: $1) }
        guard cost + change <= min(budget, limit ?? budget) else { return false }
        cost += change
        files[path] = after
        accepted.append(items)
        return true
    }

    /// With the mark that may stand before it.
    private mutating func cost(of item: Packet.Item) -> Int {
        if let known = costs[item] { return known }
        let cost = counter.count(Packet.mark) + counter.count(Packet.text(of: item))
        costs[item] = cost
        return cost
    }

    /// What was put in, in order. Counted as a whole: what does not fit after all is taken out again, the last first.
    consuming func packet() -> Packet {
        while true {
            var packet = Packet(budget: budget)
            packet.outlines = outlines
            packet.items = files.values.flatMap(\.self).sorted { a, b in
                a.path == b.path ? a.line < b.line : a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
            }
            let text = packet.text
            packet.tokens = text.isEmpty ? 0 : counter.count(text)
            if packet.tokens <= budget || accepted.isEmpty { return packet }
            let kept = accepted.dropLast()
            files = [:]
            cost = 0
            accepted = []
            for items in kept { _ = add(items) }
            // What is kept was accepted once; should it not be again, there is less still.
        }
    }
}
