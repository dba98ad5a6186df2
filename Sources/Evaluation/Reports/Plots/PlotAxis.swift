internal import Foundation

/// Where numbers stand on a line, and which of them are written there.
struct PlotAxis {
    /// The numbers written, from one end to the other.
    private(set) var ticks: [Double]
    private let low: Double
    private let high: Double
    private let isLogarithmic: Bool

    /// From a round number below all values to one above them.
    /// - Parameter limits: that the axis does not go beyond.
    init(linear values: [Double], within limits: ClosedRange<Double> = -Double.infinity...Double.infinity) {
        let values = values.filter(\.isFinite)
        var (least, most) = (values.min() ?? 0, values.max() ?? 1)
        if most - least < 1e-12 * max(1, abs(most)) { (least, most) = (least - 0.05, most + 0.05) }
        (least, most) = (max(least, limits.lowerBound), min(most, limits.upperBound))
        if most <= least { most = least + 1 }
        let raw = (most - least) / 5
        let power = pow(10, log10(raw).rounded(.down))
        let step = power * ([1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10)
        low = max(limits.lowerBound, (least / step + 1e-9).rounded(.down) * step)
        high = min(limits.upperBound, (most / step - 1e-9).rounded(.up) * step)
        isLogarithmic = false
        ticks = Array(stride(from: low, through: high + step / 1000, by: step))
    }

    /// Equal factors are equally far; ticks are 1, 2 and 5 times powers of ten.
    /// - Parameter values: above 0.
    init(logarithmic values: [Double]) {
        let (least, most) = (values.min() ?? 1, values.max() ?? 10)
        var candidates: [Double] = []
        for power in Int(log10(least).rounded(.down)) - 1...Int(log10(most).rounded(.up)) + 1 {
            candidates += [1, 2, 5].map { $0 * pow(10, Double(power)) }
        }
        low = candidates.last { $0 <= least * 0.95 } ?? least
        high = candidates.first { $0 >= most * 1.05 } ?? most
        isLogarithmic = true
        let (low, high) = (low, high)
        let inside = candidates.filter { $0 >= low * 0.999 && $0 <= high * 1.001 }
        ticks = inside.count <= 7 ? inside : inside.filter { abs(log10($0) - log10($0).rounded()) < 1e-9 }
    }

    /// Logarithmic where the values are far apart.
    init(spread values: [Double]) {
        let values = values.filter(\.isFinite)
        if let least = values.min(), let most = values.max(), least > 0, most / least > 8 {
            self.init(logarithmic: values)
        } else {
            let most = values.max() ?? 1
            self.init(linear: [0, most > 0 ? most * 1.1 : 1], within: 0...Double.infinity)
        }
    }

    /// Between 0 and 1 for what is on the axis.
    func place(_ value: Double) -> Double {
        isLogarithmic ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
    }
}
