internal import CKernels

/// A correction of some rows of a product.
private struct Correction {
    let adapter: LowRankAdapter
    /// On the small product: the adapter's own scale is in it.
    let factor: Float
    /// Rows of the input.
    let places: Range<Int>
    /// Index of the product.
    let projection: Int
    /// Element of the small products that its first one is.
    let start: Int

    /// Where the row of an input's row begins among the small products.
    func offset(_ place: Int) -> Int { start + (place - places.lowerBound) * adapter.width }
}

/// A piece of work: some elements of some rows.
private struct Piece {
    /// Index of a correction, or of a product.
    let index: Int
    let elements: Range<Int>
    let places: Range<Int>

    /// Tokens of a piece: many rows of one matrix are cut for the sake of the threads.
    static let tokens = 32

    /// Cuts `elements` of `places` into pieces.
    static func cut(_ index: Int, elements count: Int, by step: Int, places: Range<Int>) -> [Piece] {
        stride(from: places.lowerBound, to: places.upperBound, by: tokens).flatMap { place in
            stride(from: 0, to: count, by: step).map { element in
                Piece(
                    index: index, elements: element..<min(count, element + step),
                    places: place..<min(places.upperBound, place + tokens))
            }
        }
    }
}

extension Compute {
    /// Adds the corrections of each projection's matrix to what it has written: all small products in one run of the
    /// thread pool, then everything that comes of them in another, however many adapters share the rows.
    /// - Parameter rows: which rows of the pass the input's are, ascending; nil for all, in order.
    /// - SeeAlso: Sheng et al. 2023, arXiv:2311.03285 (S-LoRA); Chen et al. 2023, arXiv:2310.18547 (Punica).
    func adapt(_ input: Activations, tokens: Int, rows: ArraySlice<Int>?, _ projections: [Projection]) {
        guard let adapters else { return }
        var corrections: [Correction] = []
        var count = 0
        for run in adapters.runs {
            let places = AdapterRuns.places(of: run, count: tokens, rows: rows)
            guard !places.isEmpty else { continue }
            for index in unsafe projections.indices {
                for part in run.selection.parts {
                    for adapter in unsafe part.adapter[projections[index].matrix] {
                        corrections.append(
                            Correction(
                                adapter: adapter, factor: part.factor * adapter.scale, places: places,
                                projection: index, start: count))
                        count += places.count * adapter.width
                    }
                }
            }
        }
        guard !corrections.isEmpty else { return }
        reduced.reserve(count)
        unsafe reduce(input, corrections, into: reduced.pointer)
        unsafe expand(reduced.pointer, corrections, tokens: tokens, projections)
    }

    /// factor * a x, [places, width] of each correction.
    private func reduce(
        _ input: Activations, _ corrections: [Correction], into small: UnsafeMutablePointer<Float>
    ) {
        let pieces = corrections.indices.flatMap {
            Piece.cut($0, elements: corrections[$0].adapter.rank, by: 8, places: corrections[$0].places)
        }
        let (kernels, values, inputWidth) = unsafe (self.kernels, input.values, input.width)
        pool.run(pieces.count) { index, _ in
            let (piece, correction) = (pieces[index], corrections[pieces[index].index])
            let (a, width) = (correction.adapter.a, correction.adapter.width)
            let output = unsafe small + correction.offset(piece.places.lowerBound)
            unsafe kernels.pointee.gemm_float(
                Int32(a.type.rawValue), a.row(piece.elements.lowerBound), a.rowBytes, Int32(piece.elements.count),
                Int32(a.columns), values + piece.places.lowerBound * inputWidth, inputWidth,
                Int32(piece.places.count), output + piece.elements.lowerBound, width)
            let isLast = piece.elements.upperBound == a.rows
            for row in 0..<piece.places.count {
                for element in piece.elements { unsafe output[row * width + element] *= correction.factor }
                guard isLast else { continue }
                for element in a.rows..<width { unsafe output[row * width + element] = 0 }
            }
        }
    }

    /// Adds b (factor * a x) of all corrections to the outputs. The pieces part the outputs, so that no element is
    /// written by two threads.
    private func expand(
        _ small: UnsafePointer<Float>, _ corrections: [Correction], tokens: Int, _ projections: [Projection]
    ) {
        let corrected = unsafe projections.indices.map { index in corrections.filter { $0.projection == index } }
        let pieces = unsafe projections.indices.flatMap { index -> [Piece] in
            guard let first = corrected[index].first else { return [] }
            let places = corrected[index].reduce(first.places) {
                min($0.lowerBound, $1.places.lowerBound)..<max($0.upperBound, $1.places.upperBound)
            }
            // Few rows are worth few pieces, many are cut so that a tile stays in the cache.
            let step = min(1024, Self.tileElements / min(places.count, Piece.tokens))
            return Piece.cut(index, elements: first.adapter.rows, by: step, places: places)
        }
        reserveScratch(Self.tileElements)
        let kernels = unsafe self.kernels
        pool.run(pieces.count) { index, thread in
            let piece = pieces[index]
            let (tile, count) = unsafe (scratch(of: thread), piece.elements.count)
            let (output, stride) = unsafe (projections[piece.index].output, projections[piece.index].stride)
            for correction in corrected[piece.index] {
                let places = correction.places.clamped(to: piece.places)
                guard !places.isEmpty else { continue }
                let (b, width) = (correction.adapter.b, correction.adapter.width)
                unsafe kernels.pointee.gemm_float(
                    Int32(b.type.rawValue), b.row(piece.elements.lowerBound), b.rowBytes, Int32(count), Int32(width),
                    small + correction.offset(places.lowerBound), width, Int32(places.count), tile, count)
                for (row, place) in places.enumerated() {
                    let target = unsafe output + place * stride + piece.elements.lowerBound
                    unsafe kernels.pointee.add(tile + row * count, target, Int32(count), target)
                }
            }
        }
    }

    /// Results of a piece before they are added.
    private static var tileElements: Int { 256 * Piece.tokens }

    func isAdapted(_ matrix: Matrix) -> Bool { adapters?.correct(matrix) == true }
}
