/// From which volume on machines of one's own cost less.
package enum BreakEven: Hashable, Sendable, Codable {
    /// Completions a month.
    /// - Parameters:
    ///   - first: where one machine begins to pay.
    ///   - lasting: from where on it always pays. Between the two, the next machine may have to be bought and is not
    ///     yet busy enough. Nil: there is always such a gap.
    case at(first: Double, lasting: Double?)
    /// The electricity alone costs as much as what is paid for.
    case neverForEnergy(energyPerCompletion: Double, paidPerCompletion: Double)
    /// A machine that is as busy as it can be does not earn its price.
    case neverForCapacity(needed: Double, capacity: Double)
}

extension CostComparison {
    /// With k machines, F a month for each, e for the electricity of a completion and a for a paid one, both cost the
    /// same at k F / (a - e), which k machines can make, or not, whatever k is.
    package var breakEven: BreakEven {
        let saved = paidPerCompletion - energyPerCompletion
        guard saved > 0 else {
            return .neverForEnergy(energyPerCompletion: energyPerCompletion, paidPerCompletion: paidPerCompletion)
        }
        let each = plan.monthlyPrice / saved
        guard each <= capacity else { return .neverForCapacity(needed: each, capacity: capacity) }
        // The k-th machine leaves a gap as long as it pays only at more than what k - 1 make: k each > (k - 1)
        // capacity.
        guard each < capacity else { return .at(first: each, lasting: nil) }
        let steps = max(1, (capacity / (capacity - each)).rounded(.up) - 1)
        return .at(first: each, lasting: steps * each)
    }
}
