/// How a tensor of a checkpoint has to be rearranged for GGUF; the steps apply in the order of the properties.
struct TensorChange: Sendable {
    /// Extents of one go away.
    var squeezes = false
    /// The rows are those of so many matrices, one after another.
    var matrices: Int?
    /// Which rows of each matrix, in the new order.
    var rows: IndexChoice?
    /// Which columns of each matrix, in the new order.
    var columns: IndexChoice?
    /// Rows become columns.
    var transposes = false
    var elements: ElementChange?

    static let none = TensorChange()
    /// Norms that store their weight as a difference from one.
    static let plusOne = TensorChange(elements: .plusOne)

    /// Rotation of halves of a head becomes rotation of neighbours.
    static func rotaryPairs(heads: Int) -> TensorChange { TensorChange(rows: .rotaryPairs(heads: heads)) }
}

/// Some of the indices of an extent in a new order.
enum IndexChoice: Sendable {
    case range(Range<Int>)
    case firstHalf
    case secondHalf
    case even
    case odd
    /// From groups of one size: the first part of every group, then the second of every group...
    case gathered(groups: Int, size: Int, parts: [Range<Int>])
    /// In each head the rows of its two halves alternate.
    case rotaryPairs(heads: Int)
    /// Heads of values that lie in groups, one for each key head, are dealt out in turn: all groups' first, all
    /// groups' second... `after` rows before them stay.
    case dealtHeads(groups: Int, perGroup: Int, size: Int, after: Int)

    /// Nil where they do not fit an extent.
    func indices(of extent: Int) -> [Int]? {
        switch self {
        case .range(let range): range.upperBound <= extent ? Array(range) : nil
        case .firstHalf: extent % 2 == 0 ? Array(0..<extent / 2) : nil
        case .secondHalf: extent % 2 == 0 ? Array(extent / 2..<extent) : nil
        case .even: extent % 2 == 0 ? Array(stride(from: 0, to: extent, by: 2)) : nil
        case .odd: extent % 2 == 0 ? Array(stride(from: 1, to: extent, by: 2)) : nil
        case .gathered(let groups, let size, let parts): gathered(groups, size, parts, extent)
        case .rotaryPairs(let heads): rotaryPairs(heads, extent)
        case .dealtHeads(let groups, let perGroup, let size, let after):
            dealt(groups, perGroup, size, after, extent)
        }
    }

    private func gathered(_ groups: Int, _ size: Int, _ parts: [Range<Int>], _ extent: Int) -> [Int]? {
        guard groups > 0, groups * size == extent, parts.allSatisfy({ $0.upperBound <= size }) else { return nil }
        return parts.flatMap { part in (0..<groups).flatMap { group in part.map { group * size + $0 } } }
    }

    private func rotaryPairs(_ heads: Int, _ extent: Int) -> [Int]? {
        guard heads > 0, extent % (2 * heads) == 0 else { return nil }
        let size = extent / heads
        return (0..<extent).map { $0 / size * size + $0 % size / 2 + $0 % 2 * (size / 2) }
    }

    private func dealt(_ groups: Int, _ perGroup: Int, _ size: Int, _ after: Int, _ extent: Int) -> [Int]? {
        guard groups > 0, perGroup > 0, size > 0, after >= 0, extent - after == groups * perGroup * size else {
            return nil
        }
        return Array(0..<after)
            + (0..<extent - after).map { index in
                let (head, rest) = (index / size, index % size)
                return after + (head % groups * perGroup + head / groups) * size + rest
            }
    }
}
