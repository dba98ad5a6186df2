/// One engine with one setting, which can be measured again and again.
package struct Contender: Sendable {
    package enum Side: String, Codable, Sendable { case martlet, peer }

    package var side: Side
    /// The setting in words, `--repack 0 -fa 1`; empty when there is only one.
    package var setting: String
    /// Measures once; the keys are metrics, the same ones at each call.
    package var measure: @Sendable () throws -> [String: Double]

    fileprivate var name: String { setting.isEmpty ? side.rawValue : "\(side.rawValue) \(setting)" }

    package init(side: Side, setting: String = "", measure: @escaping @Sendable () throws -> [String: Double]) {
        self.side = side
        self.setting = setting
        self.measure = measure
    }
}

/// All that was measured of one contender.
package struct Standing: Codable, Sendable {
    package var side: Contender.Side
    package var setting: String
    package var metrics: [String: Samples] = [:]
    /// Why it left the contest, if it did.
    package var left: String?
}

/// Measures contenders in turn, round by round, so that drifting machine speed meets all of them alike.
package struct Contest: Sendable {
    package var rounds: Int
    package var preference: Preference
    /// A peer's setting is dropped when, after two rounds, each of its metrics is worse than the best peer's by more
    /// than this fraction: wide, because one noisy round must not cost the peer its best setting.
    package var dropMargin: Double

    package init(rounds: Int, preference: Preference = .higher, dropMargin: Double = 0.4) {
        self.rounds = rounds
        self.preference = preference
        self.dropMargin = dropMargin
    }

    /// Runs all rounds; a contender that fails leaves with its reason. `progress` hears of each measurement.
    package func run(_ contenders: [Contender], progress: (String) -> Void) -> [Standing] {
        var standings = contenders.map { Standing(side: $0.side, setting: $0.setting) }
        for round in 1...max(rounds, 1) {
            for (index, contender) in contenders.enumerated() where standings[index].left == nil {
                do {
                    let values = try contender.measure()
                    for (metric, value) in values {
                        standings[index].metrics[metric, default: Samples()].values.append(value)
                    }
                    let shown = values.sorted { $0.key < $1.key }
                        .map { "\($0.key) \(Report.number($0.value))" }.joined(separator: ", ")
                    progress("round \(round): \(contender.name): \(shown)")
                } catch {
                    standings[index].left = "\(error)"
                    progress("round \(round): \(contender.name): \(error)")
                }
            }
            if round >= 2 { dropSlowPeers(&standings) }
        }
        return standings
    }

    private func dropSlowPeers(_ standings: inout [Standing]) {
        for index in standings.indices where standings[index].side == .peer && standings[index].left == nil {
            let behindEverywhere = standings[index].metrics.allSatisfy { metric, samples in
                guard let own = samples.median,
                    let best = Self.best(standings, .peer, metric, preference)?.metrics[metric]?.median
                else { return false }
                return preference.prefers(best, to: own, margin: dropMargin)
            }
            if behindEverywhere, !standings[index].metrics.isEmpty {
                standings[index].left = "slower than another setting"
            }
        }
    }

    /// The standing of `side` whose median of `metric` is best.
    package static func best(
        _ standings: [Standing], _ side: Contender.Side, _ metric: String, _ preference: Preference
    ) -> Standing? {
        var best: (standing: Standing, median: Double)?
        for standing in standings where standing.side == side {
            guard let median = standing.metrics[metric]?.median else { continue }
            if best.map({ preference.prefers(median, to: $0.median) }) ?? true { best = (standing, median) }
        }
        return best?.standing
    }
}
