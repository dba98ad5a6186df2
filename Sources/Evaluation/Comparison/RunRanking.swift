package import Statistics

/// Runs of a suite in the order of what they can do.
package struct RunRanking: Hashable, Sendable, Codable {
    /// A run, and where it stands.
    package struct Place: Hashable, Sendable, Codable {
        package var figures: RunFigures
        /// In logits, of mean 0 over all runs, and where it lies in 95 of 100 cases: tasks are drawn again.
        package var strength: Double
        package var interval: Interval
    }

    /// What is known of two runs, the first of which stands above the second.
    package struct Pair: Hashable, Sendable, Codable {
        package var first: String
        package var second: String
        /// That both have.
        package var tasks: Int
        /// The rate of the second less that of the first.
        package var difference: Double
        package var interval: Interval
        /// Tasks whose first sample passed in one run alone.
        package var passedOnlyFirst: Int
        package var passedOnlySecond: Int
        /// McNemar's exact test, alone and as one of all pairs (Holm).
        package var probability: Double
        package var adjusted: Double

        enum CodingKeys: String, CodingKey {
            case first, second, tasks, difference, interval
            case passedOnlyFirst = "passed_only_first"
            case passedOnlySecond = "passed_only_second"
            case probability = "mcnemar_p"
            case adjusted = "holm_p"
        }
    }

    package var suite: String
    /// That any run has.
    package var tasks: Int
    /// That all runs have.
    package var sharedTasks: Int
    /// The strongest first.
    package var places: [Place]
    package var pairs: [Pair]

    enum CodingKeys: String, CodingKey {
        case suite, tasks, places, pairs
        case sharedTasks = "shared_tasks"
    }

    /// - Parameter prices: by names of models.
    package init(
        _ runs: [EvaluationRun], prices: [String: TokenPrice] = [:], bootstrap: Bootstrap = Bootstrap()
    ) throws(ComparisonError) {
        guard runs.count > 1 else { throw .tooFewRuns(runs.count) }
        let labels = RunLabels.labels(of: runs.map(\.description))
        let sides: [RunComparison.Side] = zip(runs, labels).map { run, label in
            (run.description, RunTasks(run), label)
        }
        for (index, first) in sides.enumerated() {
            for second in sides[(index + 1)...] { _ = try RunComparison.sharedTasks(first, second) }
        }
        var seen: Set<String> = []
        let all = sides.flatMap(\.tasks.order).filter { seen.insert($0).inserted }
        suite = runs[0].description.suite
        tasks = all.count
        sharedTasks = all.count { task in sides.allSatisfy { $0.tasks.has(task) } }

        let strengths = PairedStrengths(rates: all.map { task in sides.map { $0.tasks.rate(of: task) } })
        let estimates = strengths.estimates(bootstrap)
        let order = runs.indices.sorted { (-estimates[$0].value, $0) < (-estimates[$1].value, $1) }
        places = order.map { index in
            Place(
                figures: RunFigures(
                    runs[index].description, runs[index].results, label: labels[index],
                    price: prices[runs[index].description.model]),
                strength: estimates[index].value, interval: estimates[index].interval)
        }
        var pairs: [Pair] = []
        for (rank, first) in order.enumerated() {
            for second in order[(rank + 1)...] {
                let found = try RunComparison(sides[first], sides[second], prices: [:], bootstrap: bootstrap)
                pairs.append(
                    Pair(
                        first: labels[first], second: labels[second], tasks: found.tasks,
                        difference: found.difference, interval: found.interval,
                        passedOnlyFirst: found.passedOnlyFirst.count, passedOnlySecond: found.passedOnlySecond.count,
                        probability: found.probability, adjusted: 1))
            }
        }
        let adjusted = HolmCorrection.adjusted(pairs.map(\.probability))
        for index in pairs.indices { pairs[index].adjusted = adjusted[index] }
        self.pairs = pairs
    }
}
