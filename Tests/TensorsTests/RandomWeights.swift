internal import Tensors

/// Weights in memory that ends at an inaccessible page, as a file's last tensor may.
struct RandomWeights {
    let bytes: GuardedArray<UInt8>
    let type: TensorType
    let rows: Int
    let columns: Int
    let values: [Float]  // [rows, columns]

    init(_ type: TensorType, rows: Int, columns: Int, _ random: inout RandomNumbers) {
        (self.type, self.rows, self.columns) = (type, rows, columns)
        let encoded = random.blocks(type, rows: rows, columns: columns)
        bytes = GuardedArray(encoded)
        values = ReferenceBlocks.decode(type, encoded)
    }

    private var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes.pointer, count: bytes.count) }

    var matrix: Matrix { Matrix(type: type, rows: rows, columns: columns, data: buffer)! }

    /// `count` matrices one after another, of which `part` of the rows belong to each.
    func bank(_ count: Int, part: Range<Int>? = nil) -> MatrixBank {
        let stored = rows / count
        let part = part ?? 0..<stored
        return MatrixBank(
            type: type, count: count, rows: part.count, columns: columns, firstRow: part.lowerBound,
            storedRows: stored, data: buffer)!
    }

    /// Row `row` times `x`, exactly.
    func product(_ row: Int, _ x: [Double]) -> Double {
        (0..<columns).reduce(0.0) { $0 + Double(values[row * columns + $1]) * x[$1] }
    }
}

extension Activations {
    /// Rows of `values`, [tokens, width], and the same quantised.
    static func filled(_ compute: Compute, _ values: [Float], width: Int) -> Activations {
        let activations = Activations(width: width)
        activations.reserve(tokens: values.count / width)
        activations.values.update(from: values, count: values.count)
        compute.quantize(activations, tokens: values.count / width)
        return activations
    }
}

/// Root mean square of the difference, as a share of that of `expected`.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    var (difference, size) = (0.0, 0.0)
    for (found, expected) in zip(found, expected) {
        difference += (Double(found) - expected) * (Double(found) - expected)
        size += expected * expected
    }
    return (difference / size).squareRoot()
}
