/// Tokens that are still in the draw, most likely first; ties go to the lower id.
struct Candidates: Sendable {
    struct Entry: Sendable {
        var id: Int32
        var logit: Float

        static func precedes(_ a: Self, _ b: Self) -> Bool { a.logit != b.logit ? a.logit > b.logit : a.id < b.id }
    }

    private(set) var entries: [Entry] = []
    private var weights: [Float] = []

    /// The `count` most likely tokens. Linear: most logits fail one comparison with the least of the best so far.
    mutating func selectTop(_ count: Int, of logits: UnsafeBufferPointer<Float>) {
        entries.removeAll(keepingCapacity: true)
        // A batch of survivors is cut back to the best now and then, which also raises the bar.
        let batch = max(2 * count, count + 256)
        var bar = -Float.infinity
        for (id, logit) in logits.enumerated() where logit > bar {
            entries.append(Entry(id: Int32(id), logit: logit))
            if entries.count == batch {
                entries.sort(by: Entry.precedes)
                entries.removeSubrange(count...)
                bar = entries[count - 1].logit
            }
        }
        entries.sort(by: Entry.precedes)
        if entries.count > count { entries.removeSubrange(count...) }
    }

    /// All tokens whose logit is above `bar`.
    mutating func selectAbove(_ bar: Float, of logits: UnsafeBufferPointer<Float>) {
        entries.removeAll(keepingCapacity: true)
        for (id, logit) in logits.enumerated() where logit >= bar && logit > -.infinity {
            entries.append(Entry(id: Int32(id), logit: logit))
        }
        entries.sort(by: Entry.precedes)
    }

    /// The most likely tokens that together reach `share` of `total`, the sum of e^(logit - maximum) over the vocabulary.
    mutating func selectNucleus(_ share: Float, of logits: UnsafeBufferPointer<Float>, maximum: Float, total: Double) {
        // Sorting only what lies near the top; the nucleus rarely reaches far below it.
        for depth in [4, 8, 16, Float.infinity] as [Float] {
            selectAbove(maximum - depth, of: logits)
            let kept = nucleus(share, total: total)
            if let kept {
                entries.removeSubrange(kept...)
                return
            }
        }
    }

    /// How many entries reach `share` of `total`; nil when all of them do not.
    private mutating func nucleus(_ share: Float, total: Double) -> Int? {
        _ = refreshWeights()
        var sum = 0.0
        for (index, weight) in weights.enumerated() {
            sum += Double(weight)
            if sum >= Double(share) * total { return index + 1 }
        }
        return nil
    }

    mutating func keepNucleus(_ share: Float) {
        let total = refreshWeights()
        if let kept = nucleus(share, total: total) { entries.removeSubrange(kept...) }
    }

    mutating func keepAtLeast(_ share: Float) {
        guard let first = entries.first else { return }
        let bar = first.logit + logarithm(share)
        if let cut = entries.firstIndex(where: { $0.logit < bar }) { entries.removeSubrange(max(1, cut)...) }
    }

    /// Keeps tokens in the order of how close their surprise is to the entropy, until they reach `share`.
    mutating func keepTypical(_ share: Float) {
        let total = refreshWeights()
        guard total > 0 else { return }
        let surprises = weights.map { $0 > 0 ? -logarithm(Float(Double($0) / total)) : .infinity }
        let entropy = zip(weights, surprises).reduce(0.0) { sum, pair in
            pair.0 > 0 ? sum + Double(pair.0) / total * Double(pair.1) : sum
        }
        let distances = surprises.map { abs($0 - Float(entropy)) }
        let order = entries.indices.sorted { distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1 }
        var sum = 0.0
        var kept: [Entry] = []
        for index in order {
            kept.append(entries[index])
            sum += Double(weights[index]) / total
            if sum > Double(share) { break }
        }
        entries = kept.sorted(by: Entry.precedes)
    }

    /// The token that a number in [0, 1) falls on, with logits divided by `temperature`.
    mutating func draw(_ uniform: Double, temperature: Float) -> Int32? {
        let total = refreshWeights(scale: 1 / temperature)
        guard total > 0 else { return nil }
        var left = uniform * total
        for (entry, weight) in zip(entries, weights) {
            left -= Double(weight)
            if left < 0 { return entry.id }
        }
        return entries.last?.id
    }

    /// e^((logit - best) * scale) of each entry; returns their sum.
    private mutating func refreshWeights(scale: Float = 1) -> Double {
        guard let best = entries.first?.logit else { return 0 }
        let logits = entries.map(\.logit)
        weights = [Float](repeating: 0, count: logits.count)
        return logits.withUnsafeBufferPointer { logits in
            weights.withUnsafeMutableBufferPointer { logits.exponentials(relativeTo: best, scale: scale, into: $0) }
        }
    }
}
