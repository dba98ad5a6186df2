import Synchronization

/// How many answers are being made or wait for their turn.
final class RunningAnswers: Sendable {
    private let number = Atomic<Int>(0)

    func begin() { number.add(1, ordering: .relaxed) }
    func end() { number.subtract(1, ordering: .relaxed) }
    var count: Int { number.load(ordering: .relaxed) }
}
