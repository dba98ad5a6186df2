extension GraphQueries {
    /// A type or method that inherits from another, and how that is known.
    package struct Heir: Hashable, Sendable {
        package var symbol: SymbolID
        /// Of the least sure step on the way to it.
        package var provenance: Provenance
    }

    /// Types that inherit from or implement these, directly and through others, as far as the uses that say so pass.
    /// - Parameter check: takes uses and gives those that are right, with what is known of them then.
    package func implementers(
        of symbols: [SymbolID], checkedBy check: (_ uses: [Use], _ meant: Set<SymbolID>) throws -> [Use]
    ) throws -> [Heir] {
        var found: [SymbolID: Provenance] = [:]
        var level = Dictionary(symbols.map { ($0, Provenance.exact) }) { first, _ in first }
        while !level.isEmpty {
            let meant = Set(level.keys)
            var next: [SymbolID: Provenance] = [:]
            for use in try check(uses(of: meant.sorted(), roles: [.inherit, .implement]), meant)
            where use.provenance < .ambiguous {
                guard let user = use.user, !symbols.contains(user), found[user] == nil else { continue }
                let above = use.targets.compactMap { level[$0] }.min() ?? .exact
                next[user] = min(next[user] ?? .ambiguous, max(above, use.provenance))
            }
            found.merge(next) { first, _ in first }
            level = next
        }
        return found.map { Heir(symbol: $0.key, provenance: $0.value) }.sorted { $0.symbol < $1.symbol }
    }

    /// Methods of the same name in types that inherit from a method's type, as far as that passes.
    package func overrides(
        of method: SymbolID, checkedBy check: (_ uses: [Use], _ meant: Set<SymbolID>) throws -> [Use]
    ) throws -> [Heir] {
        guard let (file, fact) = try reader.symbol(method), fact.parent >= 0,
            file.facts.symbols[Int(fact.parent)].kind.isType
        else { return [] }
        var found: [Heir] = []
        let type = SymbolID(file: method.file, ordinal: Int(fact.parent))
        for heir in try implementers(of: [type], checkedBy: check) {
            guard let home = try reader.file(heir.symbol.file) else { continue }
            for ordinal in home.members(named: file.facts.names[fact.name], of: heir.symbol.ordinal) {
                let symbol = SymbolID(file: heir.symbol.file, ordinal: ordinal)
                found.append(Heir(symbol: symbol, provenance: heir.provenance))
            }
        }
        return found
    }
}
