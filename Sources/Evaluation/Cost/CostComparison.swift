internal import Foundation

/// A model on machines of one's own beside one that is paid for by the token.
package struct CostComparison: Hashable, Sendable {
    package let speed: ServingSpeed
    package let shape: CompletionShape
    package let plan: HostingPlan
    package let price: TokenPrice
    /// Of the model that is paid for; nil where nobody checked.
    package let paidPassRate: Double?
    /// As it is written: `EUR`. All prices are in it.
    package let currency: String

    /// - Throws: for numbers that nothing can cost.
    package init(
        speed: ServingSpeed, shape: CompletionShape, plan: HostingPlan, price: TokenPrice, paidPassRate: Double? = nil,
        currency: String = "EUR"
    ) throws(CostError) {
        func check(_ name: String, _ value: Double) throws(CostError) {
            guard value > 0, value.isFinite else { throw .notPositive(name, value) }
        }
        func checkLeast(_ name: String, _ value: Double) throws(CostError) {
            guard value >= 0, value.isFinite else { throw .negative(name, value) }
        }
        try check("the speed of reading", speed.prefillTokensPerSecond)
        try check("the speed of answering", speed.decodeTokensPerSecond)
        try checkLeast("the number of tokens of a prompt", shape.promptTokens)
        try check("the number of tokens of an answer", shape.answerTokens)
        try checkLeast("the price of the hardware", plan.hardwarePrice)
        try check("the lifetime of the hardware", plan.lifetimeYears)
        try checkLeast("the power of an idle machine", plan.idleWatts)
        try checkLeast("the price of a kilowatt-hour", plan.pricePerKilowattHour)
        try checkLeast("the share of maintenance", plan.maintenanceShare)
        try checkLeast("the price of a million tokens of prompts", price.input)
        try checkLeast("the price of a million tokens of answers", price.output)
        try check("the utilisation", plan.utilisation)
        guard plan.utilisation <= 1 else { throw .noShare("the utilisation", plan.utilisation) }
        guard plan.busyWatts >= plan.idleWatts, plan.busyWatts.isFinite else {
            throw .busyBelowIdle(busy: plan.busyWatts, idle: plan.idleWatts)
        }
        for (name, rate) in [("the pass rate", shape.passRate), ("the pass rate of the paid model", paidPassRate)] {
            if let rate, !(0...1).contains(rate) { throw .noShare(name, rate) }
        }
        (self.speed, self.shape, self.plan, self.price) = (speed, shape, plan, price)
        (self.paidPassRate, self.currency) = (paidPassRate, currency)
    }

    /// Of a machine of one's own.
    package var secondsPerCompletion: Double { speed.seconds(of: shape) }
    /// What one more completion costs on a machine that is there.
    package var energyPerCompletion: Double { secondsPerCompletion * plan.pricePerBusySecond }
    /// What is paid for a completion.
    package var paidPerCompletion: Double {
        (shape.promptTokens * price.input + shape.answerTokens * price.output) / 1_000_000
    }
    /// Completions that one machine makes in a month.
    package var capacity: Double { plan.busySecondsPerMonth / secondsPerCompletion }

    /// The costs of a volume.
    package struct Month: Hashable, Sendable, Codable {
        package var completions: Double
        package var machines: Int
        /// Of machines of one's own, and of what is paid for.
        package var hosted: Double
        package var paid: Double
        /// For one completion, and for one that is right; nil without completions, or where none is known to be right.
        package var hostedPerCompletion: Double?
        package var hostedPerSolved: Double?
        package var paidPerSolved: Double?
    }

    /// What a month of a volume costs.
    package func month(_ volume: MonthlyVolume) -> Month {
        let completions = max(0, volume.completions(of: shape))
        let machines = machines(for: completions)
        let hosted = Double(machines) * plan.monthlyPrice + completions * energyPerCompletion
        let each = completions > 0 ? hosted / completions : nil
        return Month(
            completions: completions, machines: machines, hosted: hosted, paid: completions * paidPerCompletion,
            hostedPerCompletion: each, hostedPerSolved: each.flatMap { perSolved($0, shape.passRate) },
            paidPerSolved: perSolved(paidPerCompletion, paidPassRate))
    }

    /// Tasks that are not done are paid for, too.
    private func perSolved(_ cost: Double, _ rate: Double?) -> Double? {
        rate.flatMap { $0 > 0 ? cost / $0 : nil }
    }

    /// One at the least; as many as make the volume.
    private func machines(for completions: Double) -> Int {
        let needed = (completions / capacity).rounded(.up)
        return needed < 1 ? 1 : Int(min(needed, 1e15))
    }
}
