import Synchronization
import Testing

import SideBySide

/// Records the order in which contenders were measured.
private final class Journal: Sendable {
    private let names = Mutex<[String]>([])
    func note(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock { $0 } }
}

@Suite struct ContestTests {
    private func contender(
        _ side: Contender.Side, _ setting: String, _ journal: Journal, _ values: [String: Double]
    ) -> Contender {
        Contender(side: side, setting: setting) {
            journal.note(setting)
            return values
        }
    }

    @Test("engines alternate and a clearly slower peer setting leaves after two rounds") func order() {
        let journal = Journal()
        let standings = Contest(rounds: 3).run(
            [
                contender(.martlet, "own", journal, ["decode": 10]), contender(.peer, "fast", journal, ["decode": 100]),
                contender(.peer, "slow", journal, ["decode": 50]),
            ], progress: { _ in })
        #expect(journal.all == ["own", "fast", "slow", "own", "fast", "slow", "own", "fast"])
        #expect(standings[0].left == nil)
        #expect(standings[2].left == "slower than another setting")
        #expect(standings[2].metrics["decode"]?.values == [50, 50])
    }

    @Test("a setting that is best in one metric stays") func specialist() {
        let journal = Journal()
        let standings = Contest(rounds: 2).run(
            [
                contender(.peer, "a", journal, ["decode": 100, "prefill": 10]),
                contender(.peer, "b", journal, ["decode": 50, "prefill": 100]),
            ], progress: { _ in })
        #expect(standings.allSatisfy { $0.left == nil })
        #expect(Contest.best(standings, .peer, "decode", .higher)?.setting == "a")
        #expect(Contest.best(standings, .peer, "prefill", .higher)?.setting == "b")
    }

    @Test("a failing contender leaves with its reason and the others go on") func failure() {
        let journal = Journal()
        let broken = Contender(side: .martlet) { throw CommandError.timedOut(program: "martlet", seconds: 3) }
        let standings = Contest(rounds: 3).run(
            [broken, contender(.peer, "p", journal, ["decode": 1])], progress: { _ in })
        #expect(standings[0].left == "martlet was stopped after 3 s.")
        #expect(standings[1].metrics["decode"]?.values.count == 3)
    }
}
