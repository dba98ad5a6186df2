internal import Foundation

/// Whether two systems that did the same tasks differ: only tasks that one of them did and the other did not can tell.
package enum McNemarTest {
    /// The exact two-sided probability of tasks as unevenly divided, were both systems alike.
    /// - SeeAlso: McNemar 1947, "Note on the sampling error of the difference between correlated proportions or percentages".
    package static func exact(onlyFirst: Int, onlySecond: Int) -> Double {
        precondition(onlyFirst >= 0 && onlySecond >= 0)
        let count = onlyFirst + onlySecond
        // The binomial's lower tail, summed in logarithms: 2^-count alone would underflow beyond a thousand.
        var term = -Double(count) * log(2)
        var tail = exp(term)
        for index in 0..<min(onlyFirst, onlySecond) {
            term += log(Double(count - index)) - log(Double(index + 1))
            tail += exp(term)
        }
        return min(1, 2 * tail)
    }
}
