internal import Foundation

/// Strengths of players by who won against whom: the chance of one against another is the logistic function of the
/// difference of their strengths.
/// - SeeAlso: Bradley and Terry 1952, "Rank analysis of incomplete block designs"; Hunter 2004, "MM algorithms for
///   generalized Bradley-Terry models".
package enum BradleyTerry {
    /// The likeliest strengths in logits, of mean 0.
    /// - Parameters:
    ///   - wins: [players, players], how often the row's won against the column's; halves for ties.
    ///   - prior: wins and losses that everyone is given against a player of strength 0, without which whoever
    ///     never lost would be infinitely strong.
    /// - Returns: nil where the likelihood has no maximum, which without a prior some tables have.
    package static func strengths(wins: [[Double]], prior: Double = 0.5) -> [Double]? {
        let count = wins.count
        precondition(wins.allSatisfy { $0.count == count } && prior >= 0)
        guard count > 1 else { return [Double](repeating: 0, count: count) }
        guard prior > 0 || isConnected(wins) else { return nil }
        var strengths = [Double](repeating: 0, count: count)
        // Newton's method on a concave function, with steps held to a size from which it converges.
        for _ in 0..<200 {
            var gradient = [Double](repeating: 0, count: count)
            var hessian = [[Double]](repeating: gradient, count: count)
            for player in 0..<count {
                let chance = logistic(strengths[player])
                gradient[player] += prior * (1 - 2 * chance)
                // Without a prior only differences are known: this holds the mean where it is.
                hessian[player][player] += prior > 0 ? 2 * prior * chance * (1 - chance) : 0
                for other in 0..<count where other != player {
                    let games = wins[player][other] + wins[other][player]
                    let chance = logistic(strengths[player] - strengths[other])
                    gradient[player] += wins[player][other] - games * chance
                    hessian[player][player] += games * chance * (1 - chance)
                    hessian[player][other] -= games * chance * (1 - chance)
                }
            }
            if prior == 0 { for row in 0..<count { for column in 0..<count { hessian[row][column] += 1 } } }
            guard let step = solve(hessian, gradient) else { return nil }
            let largest = step.map(abs).max() ?? 0
            let share = min(1, 2 / max(largest, 1e-300))
            for player in 0..<count { strengths[player] += share * step[player] }
            if largest < 1e-13 { break }
        }
        let mean = strengths.reduce(0, +) / Double(count)
        return strengths.map { $0 - mean }
    }

    static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    /// Whether everyone can be reached from everyone by wins: then and only then there is a maximum (Ford 1957).
    private static func isConnected(_ wins: [[Double]]) -> Bool {
        func reached(_ follows: (Int, Int) -> Bool) -> Int {
            var seen: Set<Int> = [0]
            var open = [0]
            while let player = open.popLast() {
                for other in wins.indices where !seen.contains(other) && follows(player, other) {
                    seen.insert(other)
                    open.append(other)
                }
            }
            return seen.count
        }
        return reached { wins[$0][$1] > 0 } == wins.count && reached { wins[$1][$0] > 0 } == wins.count
    }

    /// Solves a system of linear equations by elimination with pivots; nil where it has no one solution.
    private static func solve(_ matrix: [[Double]], _ values: [Double]) -> [Double]? {
        var rows = zip(matrix, values).map { $0 + [$1] }
        let count = rows.count
        for column in 0..<count {
            guard let pivot = (column..<count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-300
            else { return nil }
            rows.swapAt(column, pivot)
            for row in (column + 1)..<count {
                let share = rows[row][column] / rows[column][column]
                for place in column...count { rows[row][place] -= share * rows[column][place] }
            }
        }
        var solution = [Double](repeating: 0, count: count)
        for row in (0..<count).reversed() {
            var value = rows[row][count]
            for column in (row + 1)..<count { value -= rows[row][column] * solution[column] }
            solution[row] = value / rows[row][row]
        }
        return solution
    }
}
