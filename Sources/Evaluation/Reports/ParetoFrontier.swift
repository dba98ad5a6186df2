/// What nothing else beats in two respects at once.
enum ParetoFrontier {
    /// The numbers of the points, the cheapest first, to which no other is at least equal in both and better in one.
    /// - Parameter points: less cost is better, and more value.
    static func members(_ points: [(cost: Double, value: Double)]) -> [Int] {
        let order = points.indices.sorted {
            (points[$0].cost, -points[$0].value, $0) < (points[$1].cost, -points[$1].value, $1)
        }
        var members: [Int] = []
        for index in order {
            if let last = members.last {
                let isEqual = points[index] == points[last]
                guard isEqual || points[index].value > points[last].value else { continue }
            }
            members.append(index)
        }
        return members
    }
}
