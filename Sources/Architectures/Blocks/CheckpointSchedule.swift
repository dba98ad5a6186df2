/// Which of a recurrent layer's checkpoints give way to new ones.
///
/// Going back costs running again what lies between the nearest checkpoint and the target. So checkpoints are to lie
/// dense near the end, where most turns back lead, and ever sparser before.
package struct CheckpointSchedule: Hashable, Sendable {
    /// Ascending.
    package private(set) var positions: [Int] = []
    package let capacity: Int

    package init(capacity: Int) {
        precondition(capacity >= 1)
        self.capacity = capacity
    }

    /// Takes note of a checkpoint behind all others.
    /// - Returns: the index of the one that gives way; nil while there is room.
    package mutating func insert(_ position: Int) -> Int? {
        precondition(position > positions.last ?? 0)
        var dropped: Int?
        if positions.count == capacity {
            dropped = leastUseful(newest: position)
            positions.remove(at: dropped!)
        }
        positions.append(position)
        return dropped
    }

    /// Forgets those behind `position`.
    package mutating func removeBehind(_ position: Int) { positions.removeAll { $0 > position } }

    /// The one whose loss makes the smallest detour, measured by how far back it leads anyway.
    private func leastUseful(newest: Int) -> Int {
        func detour(_ index: Int) -> Double {
            let before = index > 0 ? positions[index - 1] : 0
            let after = index + 1 < positions.count ? positions[index + 1] : newest
            return Double(after - before) / Double(newest - before)
        }
        return positions.indices.min { detour($0) < detour($1) }!
    }
}
