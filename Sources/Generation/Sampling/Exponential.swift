/// e^x of 16 numbers, for x <= 0. Plain arithmetic, so that the result is the same on every platform.
///
/// Relative error below 3e-7; results under e^-87 become 0.
func exponential(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let clamped = x.replacing(with: -87, where: x .< -87)
    let n = (clamped * 1.442_695_04).rounded(.toNearestOrEven)
    // ln 2 in two parts, so that x - n ln 2 is exact.
    let f = (clamped - n * 0.693_145_751_953_125) - n * 1.428_606_77e-6
    var p = SIMD16<Float>(repeating: 1 / 5040)
    for coefficient in [1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1] as [Float] { p = p * f + coefficient }
    let exponent = SIMD16<Int32>(truncatingIfNeeded: SIMD16<Int32>(n)) &<< 23
    let bits = unsafeBitCast(p, to: SIMD16<Int32>.self) &+ exponent
    let value = unsafeBitCast(bits, to: SIMD16<Float>.self)
    return value.replacing(with: 0, where: x .< -87)
}

extension UnsafeBufferPointer<Float> {
    /// Writes e^(x - maximum) and returns the sum. NaN counts as minus infinity.
    /// - Parameter scale: multiplies the difference (1 / temperature).
    func exponentials(
        relativeTo maximum: Float, scale: Float = 1, into output: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        var sum = 0.0
        var start = 0
        while start < count {
            var x = SIMD16<Float>(repeating: -.infinity)
            let width = Swift.min(16, count - start)
            for lane in 0..<width { x[lane] = self[start + lane] }
            x = (x - maximum) * scale
            x.replace(with: -.infinity, where: x .!= x)
            let y = exponential(x)
            for lane in 0..<width { output[start + lane] = y[lane] }
            sum += Double(y.sum())
            start += 16
        }
        return sum
    }
}
