import Foundation

/// How many of some things are done with, on one line of a terminal; elsewhere nothing is shown.
final class CountProgress {
    private let things: String
    private let total: Int
    private let worker: String
    private let start = ContinuousClock.now
    private var isDrawn = false

    /// - Parameter worker: who does it.
    init(of things: String, total: Int, by worker: String) {
        self.things = things
        self.total = total
        self.worker = worker
    }

    func update(_ done: Int) {
        // Never for less than a second's work.
        guard TextOutput.notes.isTerminal, ContinuousClock.now - start > .seconds(1) else { return }
        try? TextOutput.notes.write("\r\(worker): \(done) of \(total) \(things)\u{1B}[K")
        isDrawn = true
    }

    /// Removes the line.
    func clear() {
        if isDrawn { try? TextOutput.notes.write("\r\u{1B}[K") }
        isDrawn = false
    }
}
