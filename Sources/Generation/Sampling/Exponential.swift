// e^x and ln x in plain IEEE arithmetic. The C library's results differ in the last bit between platforms, and a last
// bit can decide which token is drawn; these are the same everywhere.

/// e^x of 16 numbers, for x <= 0. Relative error below 3e-7; results under e^-87 become 0.
@inline(__always)
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let clamped = x.replacing(with: -87, where: x .< -87)
    // Adding 1.5 * 2^23 rounds to an integer, which is then in the low bits: cheaper than an instruction that not every
    // processor has.
    let magic: Float = 12_582_912
    let shifted = clamped * 1.442_695_04 + magic
    let n = shifted - magic
    // ln 2 in two parts, so that x - n ln 2 is exact.
    let f = (clamped - n * 0.693_145_751_953_125) - n * 1.428_606_77e-6
    var p = f * (1 / 5040) + (1 / 720)
    p = p * f + (1 / 120)
    p = p * f + (1 / 24)
    p = p * f + (1 / 6)
    p = p * f + 0.5
    p = p * f + 1
    p = p * f + 1
    let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &<< 23
    let bits = unsafeBitCast(p, to: SIMD16<Int32>.self) &+ exponent
    return unsafeBitCast(bits, to: SIMD16<Float>.self).replacing(with: 0, where: x .< -87)
}

/// ln x, for x > 0 and normal. Relative error below 1e-15 away from 1.
func logarithm(_ x: Double) -> Double {
    // x = 2^e * m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m - 1) / (m + 1)).
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.414_213_562_373_095_1 {
        significand /= 2
        exponent += 1
    }
    let s = (significand - 1) / (significand + 1)
    let square = s * s
    var series = 0.0
    for power in stride(from: 21, through: 1, by: -2) { series = series * square + 1 / Double(power) }
    return exponent * 0.693_147_180_559_945_3 + 2 * s * series
}

/// base^exponent by repeated squaring; infinite when it is too large.
func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, remaining) = (1.0, base, max(0, exponent))
    while remaining > 0 {
        if remaining & 1 == 1 { result *= factor }
        factor *= factor
        remaining >>= 1
    }
    return result
}

extension UnsafeBufferPointer<Float> {
    /// Numbers that are summed together: the unit of `blockSums` below.
    static var blockSize: Int { 1024 }

    /// Sixteen numbers from `index`; what is beyond the end, and NaN, is minus infinity.
    @inline(__always)
    private func chunk(_ index: Int) -> SIMD16<Float> {
        var x = SIMD16<Float>(repeating: -.infinity)
        if index + 16 <= count {
            // SAFETY: 16 numbers from `index` lie within the buffer.
            x = UnsafeRawPointer(baseAddress! + index).loadUnaligned(as: SIMD16<Float>.self)
        } else {
            for lane in 0..<(count - index) { x[lane] = self[index + lane] }
        }
        return x.replacing(with: -.infinity, where: x .!= x)
    }

    /// The first index of the largest number above minus infinity; NaN is passed over.
    var indexOfMaximum: Int? {
        var largest = SIMD16<Float>(repeating: -.infinity)
        for index in stride(from: 0, to: count, by: 16) {
            let x = chunk(index)
            largest = largest.replacing(with: x, where: x .> largest)
        }
        let maximum = largest.max()
        return maximum > -.infinity ? firstIndex(of: maximum) : nil
    }

    /// Writes e^((x - maximum) * scale), 0 for NaN, and the sum of each block of `blockSize` results; returns their sum.
    ///
    /// - Parameters:
    ///   - output: as many numbers as this buffer.
    ///   - blockSums: cleared first.
    func exponentials(
        relativeTo maximum: Float, scale: Float, into output: UnsafeMutableBufferPointer<Float>,
        blockSums: inout [Double]
    ) -> Double {
        precondition(output.count == count)
        blockSums.removeAll(keepingCapacity: true)
        var total = 0.0
        for start in stride(from: 0, to: count, by: Self.blockSize) {
            // One sum per lane, added up in a fixed order at the end of the block.
            var sums = SIMD16<Float>.zero
            for index in stride(from: start, to: Swift.min(count, start + Self.blockSize), by: 16) {
                let y = exponential((chunk(index) - maximum) * scale)
                sums += y
                if index + 16 <= count {
                    // SAFETY: 16 numbers from `index` lie within the buffer.
                    UnsafeMutableRawPointer(output.baseAddress! + index).storeBytes(of: y, as: SIMD16<Float>.self)
                } else {
                    for lane in 0..<(count - index) { output[index + lane] = y[lane] }
                }
            }
            var sum = 0.0
            for lane in 0..<16 { sum += Double(sums[lane]) }
            blockSums.append(sum)
            total += sum
        }
        return total
    }

    /// Calls `body` with the index of each number that is at least `bar`, in order.
    @inline(__always)
    func forEachIndex(atLeast bar: Float, _ body: (Int) -> Void) {
        for index in stride(from: 0, to: count, by: 16) {
            let mask = chunk(index) .>= bar
            guard any(mask) else { continue }
            for lane in 0..<Swift.min(16, count - index) where mask[lane] { body(index + lane) }
        }
    }
}
