/// What a question is about, as a direction, and how near texts come to it.
struct QuestionVector {
    private var table: WordVectorTable
    /// Of length 1; [stride].
    private let direction: [Float]
    /// Numbers of a sum.
    var stride: Int { table.stride }

    /// - Parameters:
    ///   - sum: of the vectors of its words; its first `width` numbers count.
    ///   - typical: the size of a typical number of a word's vector.
    /// - Returns: nil when these numbers are all 0, or none.
    init?(_ sum: [Float], width: Int, typical: Float, _ vectors: any TextVectors) {
        let first = sum.prefix(width)
        let length = first.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0, length.isFinite else { return nil }
        table = WordVectorTable(vectors, width: width, typical: typical)
        direction = first.map { $0 / length } + [Float](repeating: 0, count: table.stride - width)
    }

    /// Adds the vectors of a text's words; of a long text those of the first ones.
    /// - Parameter sum: [stride]
    mutating func add(_ text: UnsafeBufferPointer<UInt8>, to sum: UnsafeMutableBufferPointer<Int16>) {
        var words = 0
        unsafe IdentifierWords.scanWords(text) { range in
            unsafe table.add(UnsafeBufferPointer(rebasing: text[range]), to: sum)
            words += 1
            return words < WordVectorTable.mostWords
        }
    }

    /// Of the question and the sum of some rows.
    /// - Parameters:
    ///   - rows: [rows, stride]
    ///   - other: one more row, [stride].
    func cosine(_ rows: [Int16], _ range: Range<Int>, _ other: [Int16]) -> Double {
        precondition(range.upperBound * stride <= rows.count && other.count == stride)
        typealias Lanes = SIMD8<Int16>
        var (products, squares) = (SIMD8<Float>(), SIMD8<Float>())
        unsafe rows.withUnsafeBytes { rows in
            unsafe other.withUnsafeBytes { other in
                unsafe direction.withUnsafeBytes { direction in
                    // SAFETY: all have whole rows, which are whole lanes.
                    for index in Swift.stride(from: 0, to: stride, by: WordVectorTable.lanes) {
                        var sum = unsafe SIMD8<Int32>(
                            truncatingIfNeeded: other.loadUnaligned(fromByteOffset: index * 2, as: Lanes.self))
                        for row in range {
                            let place = (row * stride + index) * 2
                            sum &+= unsafe SIMD8<Int32>(
                                truncatingIfNeeded: rows.loadUnaligned(fromByteOffset: place, as: Lanes.self))
                        }
                        let numbers = SIMD8<Float>(sum)
                        products += unsafe numbers * direction.loadUnaligned(fromByteOffset: index * 4, as: SIMD8.self)
                        squares += numbers * numbers
                    }
                }
            }
        }
        let square = squares.sum()
        return square > 0 ? Double(products.sum() / square.squareRoot()) : 0
    }
}
