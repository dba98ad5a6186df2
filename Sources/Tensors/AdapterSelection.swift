/// A LoRA adapter in memory: corrections of some of a model's matrices, one copy for all who use it.
package final class Adapter: Sendable {
    /// The same for the same corrections, whenever and wherever they are loaded.
    package let identity: String
    /// By the first byte of the matrix that they correct.
    private let corrections: [UInt: [LowRankAdapter]]
    /// Of memory.
    package let byteCount: Int

    /// - Parameter corrections: with the matrices that they correct, which outlive the adapter.
    package init(identity: String, corrections: [(matrix: Matrix, correction: LowRankAdapter)]) {
        self.identity = identity
        byteCount = corrections.reduce(0) { $0 + $1.correction.byteCount }
        self.corrections = Dictionary(grouping: corrections) { Self.place($0.matrix) }
            .mapValues { $0.map(\.correction) }
    }

    private static func place(_ matrix: Matrix) -> UInt { unsafe UInt(bitPattern: matrix.data) }

    /// The corrections of a matrix.
    subscript(matrix: Matrix) -> some Sequence<LowRankAdapter> {
        // The first rows of a larger matrix begin where it does.
        (corrections[Self.place(matrix)] ?? []).lazy.filter { $0.rows == matrix.rows }
    }

    /// Whether it corrects a matrix that begins there.
    func corrects(_ matrix: Matrix) -> Bool { corrections[Self.place(matrix)] != nil }
}

/// Which adapters correct a sequence, and how strongly. None is the usual.
package struct AdapterSelection: Sendable {
    /// In the order of their identities, no factor zero.
    package let parts: [(adapter: Adapter, factor: Float)]
    /// Empty for none; equal for selections that make the same of every token.
    package let key: String

    /// The model as it is.
    package static let none = AdapterSelection([])

    /// - Parameter parts: adapters with factors on their own scales; those of one that comes twice add up.
    package init(_ parts: [(adapter: Adapter, factor: Float)]) {
        var sums: [String: (adapter: Adapter, factor: Float)] = [:]
        for part in parts {
            sums[part.adapter.identity, default: (part.adapter, 0)].factor += part.factor
        }
        self.parts = sums.values.filter { $0.factor != 0 }.sorted { $0.adapter.identity < $1.adapter.identity }
        key = self.parts.map { "\($0.adapter.identity) \($0.factor)" }.joined(separator: "\n")
    }

    /// Whether the model is left as it is.
    package var isEmpty: Bool { key.isEmpty }

    /// Each adapter by itself.
    package var apart: [AdapterSelection] { parts.map { AdapterSelection([$0]) } }

    /// For comparing only: it keeps nothing in memory.
    package init(withoutWeights key: String) { (parts, self.key) = ([], key) }
    /// The same for comparing only.
    package var withoutWeights: AdapterSelection { AdapterSelection(withoutWeights: key) }
    /// Whether it can correct anything, or has nothing to correct.
    package var hasWeights: Bool { parts.isEmpty == key.isEmpty }
}

extension AdapterSelection: Hashable {
    package static func == (a: Self, b: Self) -> Bool { a.key == b.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// Which rows of a pass which adapters correct: runs of rows that share a selection.
package struct AdapterRuns: Sendable {
    struct Run: Sendable {
        var rows: Range<Int>
        let selection: AdapterSelection
    }

    /// Ascending; those without adapters left out.
    let runs: [Run]

    /// The same for all rows; nil for no adapters.
    package init?(everywhere selection: AdapterSelection) {
        guard !selection.isEmpty else { return nil }
        runs = [Run(rows: 0..<Int.max, selection: selection)]
    }

    /// - Parameter sequences: how many rows of the pass each has, in order, and what corrects them.
    /// - Returns: nil where nothing is corrected.
    package init?(_ sequences: [(rows: Int, selection: AdapterSelection)]) {
        var runs: [Run] = []
        var first = 0
        for (count, selection) in sequences {
            let rows = first..<first + count
            first = rows.upperBound
            guard !selection.isEmpty else { continue }
            if let last = runs.last, last.rows.upperBound == rows.lowerBound, last.selection == selection {
                runs[runs.count - 1].rows = last.rows.lowerBound..<rows.upperBound
            } else {
                runs.append(Run(rows: rows, selection: selection))
            }
        }
        guard !runs.isEmpty else { return nil }
        self.runs = runs
    }

    /// Whether any of the adapters corrects a matrix that begins where this one does.
    func correct(_ matrix: Matrix) -> Bool {
        runs.contains { $0.selection.parts.contains { $0.adapter.corrects(matrix) } }
    }

    /// Rows of a product that belong to a run.
    /// - Parameters:
    ///   - count: rows of the product.
    ///   - rows: those of the pass that they are, ascending; nil for all, in order.
    static func places(of run: Run, count: Int, rows: ArraySlice<Int>?) -> Range<Int> {
        guard let rows else { return run.rows.clamped(to: 0..<count) }
        let first = rows.firstIndex { $0 >= run.rows.lowerBound } ?? rows.endIndex
        let end = rows[first...].firstIndex { $0 >= run.rows.upperBound } ?? rows.endIndex
        return first - rows.startIndex..<end - rows.startIndex
    }
}
