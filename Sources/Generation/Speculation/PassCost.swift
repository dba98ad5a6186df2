/// Seconds that a pass takes by its rows, learnt from those that were made.
///
/// Between sizes that were measured lately it goes in a straight line; beyond them by a shape that is common. More
/// rows never take less. A pure state machine.
package struct PassCost: Sendable {
    package let mostRows: Int
    /// By rows; the first is not used.
    private var measured: [(seconds: Double, pass: Int)?]
    private var estimates: [Double]
    private var passes = 0

    /// Passes after which a measurement says nothing any more: the machine, the depth and the load have changed.
    private static let memory = 512
    /// A hiccup of the machine counts as no more than this times what was expected.
    private static let mostGrowth = 2.0

    package init(mostRows: Int) {
        precondition(mostRows >= 1)
        self.mostRows = mostRows
        measured = Array(repeating: nil, count: mostRows + 1)
        estimates = (0...mostRows).map(Self.shape)
    }

    /// What rows cost in terms of one: the weights are read for one as for many.
    private static func shape(_ rows: Int) -> Double { 1 + 0.2 * Double(max(0, rows - 1)) }

    package var isMeasured: Bool { passes > 0 }

    /// - Parameter rows: 1 to `mostRows`.
    package func seconds(_ rows: Int) -> Double { estimates[rows] }

    package mutating func record(rows: Int, seconds: Double) {
        guard rows >= 1, rows <= mostRows, seconds > 0 else { return }
        let old = measured[rows]?.seconds ?? seconds
        passes += 1
        let limited = min(seconds, Self.mostGrowth * old)
        measured[rows] = (0.75 * old + 0.25 * limited, passes)
        for row in measured.indices where passes - (measured[row]?.pass ?? passes) > Self.memory { measured[row] = nil }
        estimate()
    }

    private mutating func estimate() {
        // What more rows took is enough for fewer.
        var known: [(rows: Int, seconds: Double)] = []
        var least = Double.infinity
        for rows in (1...mostRows).reversed() {
            guard let point = measured[rows] else { continue }
            least = min(least, point.seconds)
            known.append((rows, least))
        }
        known.reverse()
        var next = 0
        for rows in 1...mostRows {
            while next < known.count, known[next].rows < rows { next += 1 }
            let above = next < known.count ? known[next] : nil
            let below = next > 0 ? known[next - 1] : nil
            switch (below, above) {
            case (let below?, let above?):
                let share = Double(rows - below.rows) / Double(above.rows - below.rows)
                estimates[rows] = below.seconds + share * (above.seconds - below.seconds)
            case (nil, let near?), (let near?, nil):
                estimates[rows] = near.seconds * Self.shape(rows) / Self.shape(near.rows)
            case (nil, nil): break
            }
        }
    }
}
