extension CostComparison {
    /// A table over volumes, where both cost the same, and what all of it assumes; as Markdown.
    package func markdown(_ volumes: [MonthlyVolume]) -> String {
        var lines = ["# Cost", "", breakEven.sentence(currency: currency), ""]
        lines += [
            "| Completions a month | Machines | Own, \(currency) | Paid, \(currency) | Own, each | Paid, each "
                + "| Own, solved | Paid, solved |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        func cell(_ value: Double?) -> String { value.map(Figure.grouped) ?? "-" }
        for volume in volumes {
            let month = month(volume)
            let cells = [
                Figure.grouped(month.completions), "\(month.machines)", Figure.grouped(month.hosted),
                Figure.grouped(month.paid), cell(month.hostedPerCompletion), Figure.grouped(paidPerCompletion),
                cell(month.hostedPerSolved), cell(month.paidPerSolved),
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        lines += ["", "## Assumptions", ""]
        lines += assumptions.map { "- " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    /// All that the figures rest on, a sentence each.
    package var assumptions: [String] {
        let text = Figure.grouped
        var all = [
            "A completion has \(text(shape.promptTokens)) tokens of prompt and \(text(shape.answerTokens)) of answer, "
                + "for both alike.",
            "A machine reads \(text(speed.prefillTokensPerSecond)) and answers \(text(speed.decodeTokensPerSecond)) "
                + "tokens a second: \(text(secondsPerCompletion)) s for a completion.",
            "It is busy for at most \(Figure.grouped(plan.utilisation * 100)) % of its time: \(text(capacity)) "
                + "completions a month. More are made by as many machines as it takes.",
            "It costs \(text(plan.hardwarePrice)) \(currency), is worth nothing after \(text(plan.lifetimeYears)) "
                + "years, and takes \(Figure.grouped(plan.maintenanceShare * 100)) % of its price a year to maintain.",
            "It draws \(text(plan.idleWatts)) W idle and \(text(plan.busyWatts)) W busy, all of "
                + "\(text(HostingPlan.hoursPerMonth)) hours a month, at \(text(plan.pricePerKilowattHour)) "
                + "\(currency) for a kilowatt-hour.",
            "That is \(text(plan.monthlyPrice)) \(currency) a month for a machine, and \(text(energyPerCompletion)) "
                + "\(currency) for each completion.",
            "A million tokens cost \(text(price.input)) \(currency) as prompt and \(text(price.output)) "
                + "\(currency) as answer: \(text(paidPerCompletion)) \(currency) for a completion.",
        ]
        let rates = [("own", shape.passRate), ("paid", paidPassRate)]
        for (name, rate) in rates {
            all.append(
                rate.map { "Of completions of the \(name) model, \(Figure.grouped($0 * 100)) % are right." }
                    ?? "How many completions of the \(name) model are right is not known.")
        }
        return all
    }
}

extension BreakEven {
    /// What it says, in a sentence or two.
    package func sentence(currency: String) -> String {
        let text = Figure.grouped
        switch self {
        case .at(let first, let lasting):
            let begin = "Own machines cost less from \(text(first)) completions a month on"
            guard let lasting else { return begin + ", but each machine only when it is as busy as it can be." }
            if lasting <= first { return begin + "." }
            return begin + ", and whatever the number of machines from \(text(lasting)) on."
        case .neverForEnergy(let energy, let paid):
            return
                "Own machines never cost less: the electricity of a completion alone is \(text(energy)) \(currency), "
                + "and a paid one is \(text(paid)) \(currency)."
        case .neverForCapacity(let needed, let capacity):
            return
                "Own machines never cost less: each would have to make \(text(needed)) completions a month, "
                + "and can make \(text(capacity))."
        }
    }
}
