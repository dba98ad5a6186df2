/// What tells runs apart in a table.
package enum RunLabels {
    /// Names of models; where several runs are of one, with their temperature, date and then number.
    package static func labels(of runs: [RunDescription]) -> [String] {
        var labels = runs.map(\.model)
        let details: [(RunDescription) -> String] = [
            { ", temperature \(Figure.number($0.temperature, places: 1))" }, { ", \($0.date)" },
        ]
        for detail in details {
            for group in repeated(labels) where Set(group.map { detail(runs[$0]) }).count > 1 {
                for index in group { labels[index] += detail(runs[index]) }
            }
        }
        for group in repeated(labels) {
            for (number, index) in group.enumerated() { labels[index] += " #\(number + 1)" }
        }
        return labels
    }

    private static func repeated(_ labels: [String]) -> [[Int]] {
        Dictionary(grouping: labels.indices) { labels[$0] }.values.filter { $0.count > 1 }
    }
}
