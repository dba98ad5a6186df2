internal import Statistics

/// Strengths of runs by the tasks that one did and another did not.
///
/// A run wins against another in a task where it passes and the other does not, as often as samples drawn of both would
/// have it so. Tasks that both do or both fail are no games: they say how hard the task is. Where chances to pass are
/// those of `RaschModel`, these strengths are its abilities, whatever tasks a run has.
struct PairedStrengths {
    /// [tasks], and of each [pairs of runs, two]: wins of the one, wins of the other.
    private let wins: [[Double]]
    private let runs: Int

    /// - Parameter rates: [tasks, runs], of samples that passed; nil where a run has no result.
    init(rates: [[Double?]]) {
        runs = rates.first?.count ?? 0
        wins = rates.map { rates in
            var wins: [Double] = []
            for (index, first) in rates.enumerated() {
                for second in rates[(index + 1)...] {
                    if let first, let second {
                        wins += [first * (1 - second), second * (1 - first)]
                    } else {
                        wins += [0, 0]
                    }
                }
            }
            return wins
        }
    }

    func estimates(_ bootstrap: Bootstrap) -> [Estimate] {
        let values = strengths(of: wins.indices)
        // The same seed draws the same tasks for each run, so that each draw is fitted once.
        var drawn: [[Double]] = []
        return values.indices.map { run in
            var turn = 0
            let interval = bootstrap.interval(units: wins.count) { tasks in
                if run == 0 { drawn.append(strengths(of: tasks)) }
                defer { turn += 1 }
                return drawn[turn][run]
            }
            return Estimate(value: values[run], interval: interval)
        }
    }

    private func strengths(of tasks: some Sequence<Int>) -> [Double] {
        var sums = [Double](repeating: 0, count: runs * (runs - 1))
        for task in tasks {
            for (place, value) in wins[task].enumerated() where value > 0 { sums[place] += value }
        }
        var table = [[Double]](repeating: [Double](repeating: 0, count: runs), count: runs)
        var place = 0
        for first in 0..<runs {
            for second in (first + 1)..<runs {
                (table[first][second], table[second][first]) = (sums[place], sums[place + 1])
                place += 2
            }
        }
        // With its prior there is always a maximum.
        return BradleyTerry.strengths(wins: table) ?? [Double](repeating: 0, count: runs)
    }
}
