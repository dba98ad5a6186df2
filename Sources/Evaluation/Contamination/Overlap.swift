/// What of an item is in a corpus.
package struct Overlap: Hashable, Sendable, Codable {
    /// A place in a corpus.
    package struct Passage: Hashable, Sendable, Codable {
        package var document: String
        /// Where the first of the runs begins, counted from 1.
        package var line: Int
        /// Different runs of the item that are there.
        package var grams: Int
    }

    /// Different runs of the item that are not the suite's own phrases.
    package var grams: Int
    /// Those of them that are anywhere in the corpus.
    package var found = 0
    /// The place with most of them.
    package var passage: Passage?

    /// Of the item's runs, those that are anywhere; 0 for an item without any.
    package var share: Double { grams == 0 ? 0 : Double(found) / Double(grams) }
    /// Of the item's runs, those that are in the one place.
    package var passageShare: Double { grams == 0 ? 0 : Double(passage?.grams ?? 0) / Double(grams) }
}

/// Looks for the runs of all items in one document after the other.
struct OverlapProbe {
    private struct Hit {
        var gram: Int
        var position: Int
        var line: Int
    }

    private let index: GramIndex
    /// In tokens: how far apart two runs of an item may be in one passage, beyond those that it has.
    private let slack: Int
    private var found: [Set<Int>]
    private var passages: [Overlap.Passage?]
    private var hits: [Int: [Hit]] = [:]

    init(_ index: GramIndex, length: Int) {
        self.index = index
        slack = length
        found = [Set<Int>](repeating: [], count: index.gramCounts.count)
        passages = [Overlap.Passage?](repeating: nil, count: index.gramCounts.count)
    }

    var isEmpty: Bool { index.isEmpty }

    @inline(__always)
    mutating func see(_ gram: Gram) {
        guard let postings = index.postings(of: gram.hash) else { return }
        for posting in postings {
            hits[posting.item, default: []].append(Hit(gram: posting.gram, position: gram.position, line: gram.line))
        }
    }

    /// Ends a document.
    /// - Parameter firstLine: of the text that was seen, in the document.
    mutating func end(document: String, firstLine: Int) {
        for (item, hits) in hits {
            found[item].formUnion(hits.lazy.map(\.gram))
            guard var best = densest(hits, within: index.gramCounts[item] * 3 / 2 + slack) else { continue }
            best.document = document
            best.line += firstLine - 1
            guard let known = passages[item] else {
                passages[item] = best
                continue
            }
            // Among equals the first by name, in whatever order documents come.
            if (best.grams, known.document, known.line) > (known.grams, best.document, best.line) {
                passages[item] = best
            }
        }
        hits.removeAll(keepingCapacity: true)
    }

    /// The stretch of so many tokens with most different runs.
    private func densest(_ hits: [Hit], within width: Int) -> Overlap.Passage? {
        var best: Overlap.Passage?
        var counts: [Int: Int] = [:]
        var first = 0
        for hit in hits {
            counts[hit.gram, default: 0] += 1
            while hits[first].position + width <= hit.position {
                let gram = hits[first].gram
                counts[gram] = counts[gram, default: 1] == 1 ? nil : counts[gram, default: 1] - 1
                first += 1
            }
            if counts.count > best?.grams ?? 0 {
                best = Overlap.Passage(document: "", line: hits[first].line, grams: counts.count)
            }
        }
        return best
    }

    func overlap(of item: Int) -> Overlap {
        Overlap(grams: index.gramCounts[item], found: found[item].count, passage: passages[item])
    }
}
