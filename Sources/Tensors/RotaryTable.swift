#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Which elements of a head are rotated together.
package enum RotaryPairing: Sendable {
    /// Element i with i + half: GPT-NeoX's order, Qwen.
    case halves
    /// Element 2i with 2i + 1: Llama as GGUF stores it.
    case pairs
}

/// How positions beyond the trained context are squeezed into it.
package enum RotaryScaling: Hashable, Sendable {
    case none
    /// - SeeAlso: Chen et al. 2023, arXiv:2306.15595.
    case linear(factor: Double)
    /// `temperature` multiplies the method's own factor on cosines and sines, 0.1 ln(factor) + 1.
    /// - SeeAlso: Peng et al. 2023, arXiv:2309.00071.
    case yarn(factor: Double, originalContext: Int, betaFast: Double, betaSlow: Double, temperature: Double)
    /// Llama 3: long wavelengths are divided by `factor`, short ones kept, those between blended.
    case llama3(factor: Double, lowFactor: Double, highFactor: Double, originalContext: Int)
    /// One divisor a frequency, as `rope_freqs.weight` gives them.
    case divisors([Float])

    /// What YaRN multiplies cosines and sines by.
    package static func yarnTemperature(factor: Double, multiplier: Double = 1) -> Double {
        factor <= 1 ? 1 : 0.1 * multiplier * log(factor) + 1
    }
}

/// Cosines and sines of rotary position embeddings.
/// - SeeAlso: Su et al. 2021, arXiv:2104.09864.
package final class RotaryTable: Sendable {
    /// Rotated elements of a head, divided by two.
    package let half: Int
    /// Angle per position of each pair, [half].
    package let frequencies: [Double]
    /// Factor on cosines and sines (YaRN's temperature).
    package let magnitude: Float

    /// - Parameter blendsWholePairs: whether YaRN's blend begins and ends at whole pairs, as most models have it.
    package init(dimensions: Int, base: Double, scaling: RotaryScaling, blendsWholePairs: Bool = true) {
        half = dimensions / 2
        let plain = (0..<dimensions / 2).map { pow(base, -2 * Double($0) / Double(dimensions)) }
        switch scaling {
        case .none:
            (frequencies, magnitude) = (plain, 1)
        case .linear(let factor):
            (frequencies, magnitude) = (plain.map { $0 / factor }, 1)
        case .divisors(let divisors):
            (frequencies, magnitude) = (zip(plain, divisors).map { $0 / Double($1) }, 1)
        case .llama3(let factor, let lowFactor, let highFactor, let context):
            let longest = Double(context) / lowFactor
            let shortest = Double(context) / highFactor
            frequencies = plain.map { frequency in
                let wavelength = 2 * Double.pi / frequency
                if wavelength < shortest { return frequency }
                if wavelength > longest { return frequency / factor }
                let keep = (Double(context) / wavelength - lowFactor) / (highFactor - lowFactor)
                return (1 - keep) * frequency / factor + keep * frequency
            }
            magnitude = 1
        case .yarn(let factor, let context, let betaFast, let betaSlow, let temperature):
            // The pair that turns `rotations` times within the original context.
            func pair(_ rotations: Double) -> Double {
                Double(dimensions) * log(Double(context) / (rotations * 2 * .pi)) / (2 * log(base))
            }
            let (first, last) = (pair(betaFast), pair(betaSlow))
            let low = max(0, blendsWholePairs ? first.rounded(.down) : first)
            let high = min(Double(dimensions - 1), blendsWholePairs ? last.rounded(.up) : last)
            frequencies = plain.enumerated().map { index, frequency in
                let ramp = min(1, max(0, (Double(index) - low) / max(0.001, high - low)))
                return frequency / factor * ramp + frequency * (1 - ramp)
            }
            magnitude = Float(temperature * RotaryScaling.yarnTemperature(factor: factor))
        }
    }

    /// Writes cosines and sines of `positions`, [positions.count, 2, half].
    func fill(_ positions: some Collection<Int>, into output: UnsafeMutablePointer<Float>) {
        for (row, position) in positions.enumerated() {
            let cosines = unsafe output + row * 2 * half
            for (index, frequency) in frequencies.enumerated() {
                let angle = Double(position) * frequency
                unsafe cosines[index] = Float(cos(angle)) * magnitude
                unsafe cosines[half + index] = Float(sin(angle)) * magnitude
            }
        }
    }
}
