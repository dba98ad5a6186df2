import Foundation
import Statistics
import Testing

/// Intervals of 95 % hold the truth in 93 to 97 of 100 simulated evaluations. The seeds are fixed: a run is like any other.
@Suite("Intervals hold the truth as often as they say")
struct CoverageTests {
    private static let rounds = 2000

    private func share(_ isHeld: (inout RandomStream) -> Bool) -> Double {
        var random = RandomStream(seed: 7)
        return Double((0..<Self.rounds).count { _ in isHeld(&random) }) / Double(Self.rounds)
    }

    @Test("Wilson's, for 164 tasks", arguments: [0.2, 0.5, 0.707])
    func wilson(rate: Double) {
        let held = share { random in
            let passed = (0..<164).count { _ in random.uniform() < rate }
            return Proportion(passed, of: 164).interval().contains(rate)
        }
        #expect((0.93...0.97).contains(held), "\(held)")
    }

    @Test("the bootstrap's, of the difference of two systems on the same 164 tasks")
    func paired() {
        let held = share { random in
            // Hard and easy tasks; the second system is better by 0.05 on every one of them.
            let differences = (0..<164).map { _ in
                let chance = 0.1 + 0.8 * random.uniform()
                let (first, second) = (random.uniform() < chance, random.uniform() < chance + 0.05)
                return (second ? 1.0 : 0) - (first ? 1 : 0)
            }
            return Bootstrap(resamples: 400, seed: random.next()).mean(of: differences).interval.contains(0.05)
        }
        #expect((0.93...0.97).contains(held), "\(held)")
    }

    @Test("those of clusters, where samples of a task are alike")
    func clusters() {
        func sample(_ random: inout RandomStream) -> (values: [Double], clusters: [Int]) {
            var (values, clusters): ([Double], [Int]) = ([], [])
            for task in 0..<100 {
                let chance = random.uniform()
                for _ in 0..<8 {
                    values.append(random.uniform() < chance ? 1 : 0)
                    clusters.append(task)
                }
            }
            return (values, clusters)
        }
        let byErrors = share { random in
            let (values, clusters) = sample(&random)
            return ClusteredMean(values, clusters: clusters).interval().contains(0.5)
        }
        #expect((0.93...0.97).contains(byErrors), "\(byErrors)")
        let byBootstrap = share { random in
            let (values, clusters) = sample(&random)
            return Bootstrap(resamples: 300, seed: random.next()).mean(of: values, clusters: clusters).interval
                .contains(0.5)
        }
        #expect((0.93...0.97).contains(byBootstrap), "\(byBootstrap)")
        // What forgets that samples of a task are alike claims too much.
        let byValues = share { random in
            let values = sample(&random).values
            return ClusteredMean(values, clusters: Array(values.indices)).interval().contains(0.5)
        }
        #expect(byValues < 0.8, "\(byValues)")
    }

    @Test("Rasch's, of an ability")
    func rasch() {
        let difficulties = (0..<100).map { Double($0) / 25 - 2 }
        let tries = [Double](repeating: 1, count: difficulties.count)
        let held = share { random in
            let passed = difficulties.map { random.uniform() < 1 / (1 + exp($0 - 0.8)) ? 1.0 : 0 }
            let ability = RaschModel.ability(passed: passed, tries: tries, difficulties: difficulties)
            return ability?.interval().contains(0.8) ?? false
        }
        #expect((0.93...0.97).contains(held), "\(held)")
    }

    @Test("and McNemar's test calls systems that are alike different in no more than 5 of 100 cases")
    func mcnemar() {
        let called = share { random in
            let flips = (0..<60).map { _ in random.uniform() < 0.5 }
            let first = flips.count { $0 }
            return McNemarTest.exact(onlyFirst: first, onlySecond: flips.count - first) < 0.05
        }
        #expect(called <= 0.055 && called > 0.01, "\(called)")
    }
}
