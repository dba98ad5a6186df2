/// The worst of many comparisons, so that a failing test reports one line.
struct Deviation: CustomStringConvertible {
    private(set) var comparisons = 0
    private var worst = 0.0
    private var report = ""

    /// Takes note of one comparison; `place` names it if it is the worst.
    mutating func note(
        _ found: Double, expected: Double, within tolerance: Double, _ place: () -> String
    ) {
        comparisons += 1
        let error = abs(found - expected)
        // A result that is not a number is infinitely wrong, unless just that is expected.
        let size = error.isNaN ? (found.isNaN && expected.isNaN ? 0 : .infinity) : error
        guard size > 0 else { return }
        let share = tolerance > 0 ? size / tolerance : .infinity
        guard share > worst else { return }
        worst = share
        report = "\(place()): found \(found), expected \(expected) within \(tolerance)"
    }

    mutating func note(_ found: Float, expected: Float, within tolerance: Double, _ place: () -> String) {
        note(Double(found), expected: Double(expected), within: tolerance, place)
    }

    /// Everything was within its tolerance, and something was compared.
    var isAcceptable: Bool { comparisons > 0 && worst <= 1 }

    var description: String { comparisons == 0 ? "nothing was compared" : report }
}

/// The first place where two arrays of floats differ in any bit; nil when they are the same.
func firstDifference(_ found: [Float], _ expected: [Float]) -> String? {
    guard found.count == expected.count else { return "\(found.count) elements, expected \(expected.count)" }
    guard let i = found.indices.first(where: { found[$0].bitPattern != expected[$0].bitPattern }) else { return nil }
    return "element \(i) is \(found[i]), expected \(expected[i])"
}
