package import SQLite

extension GraphQueries {
    /// One step of a chain: a symbol that uses the next one, and where.
    package struct Step: Hashable, Sendable {
        package var symbol: SymbolID
        /// How the symbol before uses this one; nil at the chain's beginning.
        package var use: Use?
    }

    package enum Chain: Hashable, Sendable {
        case found([Step])
        /// All that can be reached was seen, or all within the bound.
        case none(isWhole: Bool)
    }

    /// The shortest chain of uses from some symbols to others, over uses that are better than ambiguous; of several the
    /// one whose uses come first in the text.
    /// - Parameters:
    ///   - stepLimit: uses in the chain at most.
    ///   - symbolLimit: symbols that are looked at, at most.
    package func chain(
        from starts: [SymbolID], to ends: [SymbolID], stepLimit: Int = 12, symbolLimit: Int = 20_000
    ) throws(SQLiteError) -> Chain {
        let wanted = Set(ends)
        var cameFrom: [SymbolID: (symbol: SymbolID, use: Use)?] = [:]
        var level: [SymbolID] = []
        for start in starts where cameFrom[start] == nil {
            cameFrom[start] = .some(nil)
            level.append(start)
            if wanted.contains(start) { return .found([Step(symbol: start)]) }
        }
        var looked = 0
        for _ in 0..<stepLimit {
            var next: [SymbolID] = []
            for symbol in level {
                looked += 1
                guard looked <= symbolLimit else { return .none(isWhole: false) }
                for use in try uses(by: symbol) + assignments(to: symbol) where use.provenance < .ambiguous {
                    for target in use.targets where cameFrom[target] == nil {
                        cameFrom[target] = .some((symbol, use))
                        if wanted.contains(target) { return .found(steps(to: target, cameFrom)) }
                        next.append(target)
                    }
                }
            }
            if next.isEmpty { return .none(isWhole: true) }
            level = next
        }
        return .none(isWhole: false)
    }

    private func steps(
        to end: SymbolID, _ cameFrom: [SymbolID: (symbol: SymbolID, use: Use)?]
    ) -> [Step] {
        var steps: [Step] = []
        var place = end
        while let known = cameFrom[place], let before = known {
            steps.append(Step(symbol: place, use: before.use))
            place = before.symbol
        }
        steps.append(Step(symbol: place))
        return steps.reversed()
    }
}
