/// Values that share a scale, and how much an error of each counts.
@safe
struct WeightedGroup {
    let values: UnsafePointer<Float>
    let weights: UnsafePointer<Float>
    /// A multiple of 8.
    let count: Int

    /// By how much a try must be better to count: rounding errors in the sums must not choose.
    static let margin: Float = 1.000_001

    /// Below this a group counts as zero: no 16-bit scale could tell.
    static let negligible: Float = 1e-15

    /// The value of the largest magnitude.
    var extreme: Float {
        var (low, high) = unsafe (values.lanes(0), values.lanes(0))
        for i in stride(from: 8, to: count, by: 8) {
            let x = unsafe values.lanes(i)
            low = low.replacing(with: x, where: x .< low)
            high = high.replacing(with: x, where: x .> high)
        }
        let (least, greatest) = (low.min(), high.max())
        return -least > greatest ? least : greatest
    }

    var range: (least: Float, greatest: Float) {
        var (low, high) = unsafe (values.lanes(0), values.lanes(0))
        for i in stride(from: 8, to: count, by: 8) {
            let x = unsafe values.lanes(i)
            low = low.replacing(with: x, where: x .< low)
            high = high.replacing(with: x, where: x .> high)
        }
        return (low.min(), high.max())
    }

    var totalWeight: Float {
        var sum = Lanes.zero
        for i in stride(from: 0, to: count, by: 8) { unsafe sum += weights.lanes(i) }
        return sum.sum()
    }
}

/// The whole numbers that codes may be.
struct CodeRange {
    var low: Float
    var high: Float
    /// The code that the largest magnitude takes before the search; what it is tried around.
    var anchor: Float
    /// Another code at the other end, tried as well where few codes make the difference matter.
    var secondAnchor: Float?
    /// How far from the anchor, in codes, the largest magnitude is put on either side, in steps of `step`.
    var reach: Float = 1
    var step: Float = 0.125
}

extension WeightedGroup {
    /// The scale d for which sum w (d code - x)^2 is least, where code is the allowed number nearest to x / d.
    ///
    /// Given the codes, the best scale is a weighted regression; given the scale, the best codes are the nearest. The
    /// search starts from several scales and then goes back and forth between the two while that helps.
    /// - SeeAlso: Lloyd 1982, "Least squares quantization in PCM".
    func scale(_ codes: CodeRange) -> Float {
        let extreme = extreme
        guard abs(extreme) > Self.negligible else { return 0 }
        var best = (scale: extreme / codes.anchor, gain: Float(0))
        func improve(inverse: Float) -> Bool {
            let (products, squares) = regression(inverse: inverse, codes)
            guard squares > 0, products * products > best.gain * squares * Self.margin else { return false }
            best = (products / squares, products * products / squares)
            return true
        }
        _ = improve(inverse: codes.anchor / extreme)
        for offset in stride(from: -codes.reach, through: codes.reach, by: codes.step) {
            _ = improve(inverse: (codes.anchor + offset) / extreme)
            if let second = codes.secondAnchor { _ = improve(inverse: (second + offset) / extreme) }
        }
        for _ in 0..<4 where best.scale != 0 {
            guard improve(inverse: 1 / best.scale) else { break }
        }
        return best.scale
    }

    /// sum w code x, and sum w code^2.
    @inline(__always)
    private func regression(inverse: Float, _ codes: CodeRange) -> (products: Float, squares: Float) {
        var (products, squares) = (Lanes.zero, Lanes.zero)
        for i in stride(from: 0, to: count, by: 8) {
            let x = unsafe values.lanes(i)
            let code = (x * inverse).limited(codes.low, codes.high).nearest
            let weighted = unsafe weights.lanes(i) * code
            products += weighted * x
            squares += weighted * code
        }
        return (products.sum(), squares.sum())
    }
}

/// value = scale * code + offset
struct Line {
    var scale: Float
    var offset: Float
}

extension WeightedGroup {
    /// The line through codes 0...high for which sum w (line(code) - x)^2 is least, searched as in `scale`.
    /// - Parameter offsetIsNegative: for formats that only subtract.
    func line(high: Float, reach: Float, step: Float, offsetIsNegative: Bool) -> Line {
        var (least, greatest) = range
        if offsetIsNegative { (least, greatest) = (min(least, 0), max(greatest, 0)) }
        let span = greatest - least
        guard span > Self.negligible else { return Line(scale: 0, offset: least) }
        var sums = LineSums(weight: totalWeight, values: 0, offsetIsNegative: offsetIsNegative)
        var total = Lanes.zero
        for i in stride(from: 0, to: count, by: 8) { unsafe total += weights.lanes(i) * values.lanes(i) }
        sums.values = total.sum()
        var best = (line: Line(scale: span / high, offset: least), gain: -Float.infinity)
        func improve(inverse: Float, offset: Float) -> Bool {
            guard let found = sums.solve(codeSums(inverse: inverse, offset: offset, high)), found.gain > best.gain
            else { return false }
            best = found
            return true
        }
        for excess in stride(from: -reach, through: reach, by: step) {
            _ = improve(inverse: (high + excess) / span, offset: least)
        }
        for _ in 0..<4 where best.line.scale > 0 {
            guard improve(inverse: 1 / best.line.scale, offset: best.line.offset) else { break }
        }
        return best.line
    }

    /// The best negative offset for a given scale, with codes as another offset gives them, what error is left, and the
    /// group's total weight.
    func residue(scale: Float, near offset: Float, _ high: Float) -> (offset: Float, error: Float, weight: Float) {
        let inverse = PlainBlocks.reciprocal(scale)
        var (total, rest, squares) = (Lanes.zero, Lanes.zero, Lanes.zero)
        for i in stride(from: 0, to: count, by: 8) {
            let (x, weight) = unsafe (values.lanes(i), weights.lanes(i))
            let code = ((x - offset) * inverse).limited(0, high).nearest
            let difference = x - code * scale
            let weighted = weight * difference
            total += weight
            rest += weighted
            squares += weighted * difference
        }
        let (weight, sum) = (total.sum(), rest.sum())
        let best = weight > 0 ? min(0, sum / weight) : min(0, offset)
        return (best, squares.sum() - best * (2 * sum - best * weight), weight)
    }

    /// sum w code, sum w code^2, sum w code x.
    @inline(__always)
    private func codeSums(inverse: Float, offset: Float, _ high: Float) -> (Float, Float, Float) {
        var (sum, squares, products) = (Lanes.zero, Lanes.zero, Lanes.zero)
        for i in stride(from: 0, to: count, by: 8) {
            let x = unsafe values.lanes(i)
            let code = ((x - offset) * inverse).limited(0, high).nearest
            let weighted = unsafe weights.lanes(i) * code
            sum += weighted
            squares += weighted * code
            products += weighted * x
        }
        return (sum.sum(), squares.sum(), products.sum())
    }
}

/// The normal equations of a weighted regression of values on codes.
private struct LineSums {
    var weight: Float
    var values: Float
    var offsetIsNegative: Bool

    /// - Returns: the line, and by how much it lowers the error against a line of zeros; nil where there is none.
    @inline(__always)
    func solve(_ sums: (codes: Float, squares: Float, products: Float)) -> (line: Line, gain: Float)? {
        let (codes, squares, products) = (Double(sums.codes), Double(sums.squares), Double(sums.products))
        let (weight, values) = (Double(weight), Double(values))
        let determinant = weight * squares - codes * codes
        guard squares > 0, determinant > 1e-6 * weight * squares else { return nil }
        var scale = (weight * products - values * codes) / determinant
        var offset = (squares * values - codes * products) / determinant
        if offsetIsNegative, offset > 0 { (scale, offset) = (products / squares, 0) }
        guard scale > 0 else { return nil }
        let line = Line(scale: Float(scale), offset: Float(offset))
        return (line, Float(scale * products + offset * values))
    }
}
