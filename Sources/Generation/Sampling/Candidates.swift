/// A token that can be drawn.
struct Candidate {
    var id: Int32
    var logit: Float
    /// e^(logit - the largest logit).
    var weight: Float
    /// What candidates are put in order by, smallest first; ties go to the lower id.
    var key: Float

    static func precedes(_ a: Self, _ b: Self) -> Bool { a.key != b.key ? a.key < b.key : a.id < b.id }
}

/// The tokens that are still in the draw, in no particular order: filters select, they don't sort.
struct Candidates: Sendable {
    private(set) var entries: [Candidate] = []

    // MARK: From the vocabulary

    /// The `count` most likely tokens.
    mutating func selectTop(_ count: Int, of logits: UnsafeBufferPointer<Float>, maximum: Float) {
        entries.removeAll(keepingCapacity: true)
        // Survivors of the bar are cut back to the best of them now and then, which raises the bar.
        let batch = 2 * count + 256
        var bar = -Float.greatestFiniteMagnitude
        var start = 0
        while start < logits.count {
            // The bar is looked at once per stretch, so that the scan itself stays a tight loop.
            let end = min(logits.count, start + max(512, batch - entries.count))
            let stretch = UnsafeBufferPointer(rebasing: logits[start..<end])
            stretch.forEachIndex(atLeast: bar) { append(start + $0, stretch[$0]) }
            if entries.count >= batch {
                cut(to: count)
                bar = entries.lazy.map(\.logit).min() ?? bar
            }
            start = end
        }
        cut(to: count)
        setWeights(relativeTo: maximum)
    }

    /// All tokens whose logit is at least `bar`, with the weights given.
    mutating func select(atLeast bar: Float, of logits: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Float>)
    {
        entries.removeAll(keepingCapacity: true)
        logits.forEachIndex(atLeast: max(bar, -.greatestFiniteMagnitude)) { id in
            entries.append(Candidate(id: Int32(id), logit: logits[id], weight: weights[id], key: -logits[id]))
        }
    }

    private mutating func append(_ id: Int, _ logit: Float) {
        entries.append(Candidate(id: Int32(id), logit: logit, weight: 0, key: -logit))
    }

    private mutating func cut(to count: Int) {
        guard entries.count > count else { return }
        _ = partition { _, kept in kept >= count }
        entries.removeSubrange(count...)
    }

    /// Makes the weights e^((logit - maximum) * scale).
    mutating func setWeights(relativeTo maximum: Float, scale: Float = 1) {
        for start in stride(from: 0, to: entries.count, by: 16) {
            var x = SIMD16<Float>(repeating: -.infinity)
            let width = min(16, entries.count - start)
            for lane in 0..<width { x[lane] = (entries[start + lane].logit - maximum) * scale }
            let y = exponential(x)
            for lane in 0..<width { entries[start + lane].weight = y[lane] }
        }
    }

    var totalWeight: Double { entries.reduce(0) { $0 + Double($1.weight) } }

    // MARK: Filters

    /// Keeps the most likely tokens that together reach `share` of `total`; false if all of them together do not.
    mutating func keepNucleus(_ share: Double, of total: Double) -> Bool {
        for index in entries.indices { entries[index].key = -entries[index].logit }
        return keep(weight: share * total, orMore: false)
    }

    /// Keeps tokens at least `share` as likely as the most likely one.
    mutating func keepAtLeast(_ share: Float) {
        guard let best = entries.lazy.map(\.weight).max() else { return }
        entries.removeAll { $0.weight < best * share }
    }

    /// Keeps tokens in the order of how close their surprise is to the entropy, until they exceed `share`.
    /// - Parameter best: the logit that weights are relative to.
    mutating func keepTypical(_ share: Double, best: Float) {
        let total = totalWeight
        guard total > 0 else { return }
        // -ln p = ln(sum of weights) - (logit - best), if weights are relative to the best.
        let logarithmOfTotal = logarithm(total)
        var entropy = 0.0
        for index in entries.indices {
            let surprise = logarithmOfTotal - (Double(entries[index].logit) - Double(best))
            entropy += Double(entries[index].weight) / total * surprise
            entries[index].key = Float(surprise)
        }
        for index in entries.indices { entries[index].key = abs(entries[index].key - Float(entropy)) }
        _ = keep(weight: share * total, orMore: true)
    }

    /// Keeps entries in order until their weights reach (or exceed) a sum; false, and no change, if all of them do not.
    private mutating func keep(weight goal: Double, orMore: Bool) -> Bool {
        let isReached = { (sum: Double) in orMore ? sum > goal : sum >= goal }
        guard isReached(totalWeight) else { return false }
        let kept = partition { sum, _ in isReached(sum) }
        entries.removeSubrange(kept...)
        return true
    }

    /// Moves entries to the front, in order of precedence but unsorted among themselves, until a condition on them
    /// holds; returns how many that took. Quickselect: linear on average.
    ///
    /// - Parameter isReached: the condition on the sum of the weights and the number of the entries so far.
    private mutating func partition(until isReached: (Double, Int) -> Bool) -> Int {
        var (lower, upper) = (0, entries.count)
        var sum = 0.0
        while upper - lower > 24 {
            let middle = split(lower, upper)
            var inner = 0.0
            for index in lower..<middle { inner += Double(entries[index].weight) }
            if isReached(sum + inner, middle) {
                upper = middle
            } else {
                sum += inner
                lower = middle
            }
        }
        entries[lower..<upper].sort(by: Candidate.precedes)
        for index in lower..<upper {
            sum += Double(entries[index].weight)
            if isReached(sum, index + 1) { return index + 1 }
        }
        return upper
    }

    /// Splits a range so that each entry before the returned index precedes each after; both parts have entries.
    private mutating func split(_ lower: Int, _ upper: Int) -> Int {
        // The median of three; the outer two also keep the scans below within bounds.
        let middle = lower + (upper - lower) / 2
        if Candidate.precedes(entries[middle], entries[lower]) { entries.swapAt(middle, lower) }
        if Candidate.precedes(entries[upper - 1], entries[middle]) {
            entries.swapAt(upper - 1, middle)
            if Candidate.precedes(entries[middle], entries[lower]) { entries.swapAt(middle, lower) }
        }
        let pivot = entries[middle]
        var (left, right) = (lower, upper - 1)
        while true {
            while Candidate.precedes(entries[left], pivot) { left += 1 }
            while Candidate.precedes(pivot, entries[right]) { right -= 1 }
            if left >= right { break }
            entries.swapAt(left, right)
            left += 1
            right -= 1
        }
        return left
    }

    // MARK: Draw

    /// Divides logits by `temperature`: the weights become those of the draw.
    mutating func applyTemperature(_ temperature: Float) {
        guard let best = entries.lazy.map(\.logit).max() else { return }
        setWeights(relativeTo: best, scale: 1 / temperature)
    }

    /// The token that a number in [0, 1) falls on.
    func draw(_ uniform: Double) -> Int32? {
        var left = uniform * totalWeight
        var last: Int32?
        for entry in entries where entry.weight > 0 {
            left -= Double(entry.weight)
            last = entry.id
            if left < 0 { break }
        }
        return last
    }

    /// Most likely first.
    mutating func sort() {
        for index in entries.indices { entries[index].key = -entries[index].logit }
        entries.sort(by: Candidate.precedes)
    }
}
