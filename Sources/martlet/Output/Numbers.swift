import Foundation

/// A number with a fixed count of digits after the point, in the same notation everywhere.
func format(_ value: Double, places: Int) -> String {
    String(format: "%.\(places)f", value)
}

/// 1,234,567: easier to read than 1234567.
func grouped(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    for position in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: position) }
    return (value < 0 ? "-" : "") + String(digits)
}

/// Middle and ends of several measurements of the same thing.
struct Spread: Encodable, Equatable {
    var median: Double
    var min: Double
    var max: Double

    /// - Parameter values: at least one.
    init(_ values: [Double]) {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        min = sorted[0]
        max = sorted[sorted.count - 1]
    }
}
