extension GrammarMatcher {
    /// A part of the grammar that ends at more places of the tree than this is not kept apart: text that is free but for
    /// what comes after it ends everywhere.
    private static let exitLimit = 4_096

    /// Adds the tokens that can come in a state.
    mutating func addAllowed(
        _ state: State, _ vocabulary: TokenVocabulary, _ cache: MaskCache, to mask: inout TokenMask
    ) {
        let everything = 0..<vocabulary.places.count
        for part in localParts(of: state, reach: Int32(vocabulary.longestLength)) {
            var exits: [Int32]?
            guard let rest = part.rest else {
                walk(from: part.wholeState, everything, vocabulary, to: &mask, exits: &exits)
                continue
            }
            // What is below the end of the whole text is of no interest.
            let isLast = rest == ContinuationTable.end
            let entry = localEntry(part.state, isLast: isLast, vocabulary, cache)
            guard let places = entry.exits else {
                walk(from: part.wholeState, everything, vocabulary, to: &mask, exits: &exits)
                continue
            }
            entry.allowed.add(to: &mask)
            guard !places.isEmpty else { continue }
            let next = self.state(of: rest)
            for place in places {
                let below = Int(place) + 1..<Int(vocabulary.places[Int(place)].next)
                walk(from: next, below, vocabulary, to: &mask, exits: &exits)
            }
        }
    }

    private mutating func localEntry(
        _ state: State, isLast: Bool, _ vocabulary: TokenVocabulary, _ cache: MaskCache
    ) -> MaskCache.Entry {
        let key = key(of: state)
        if let entry = cache.entry(key) { return entry }
        var local = TokenMask(count: vocabulary.count)
        var exits: [Int32]? = isLast ? nil : []
        let limit = reachedLimit
        reachedLimit = nil
        walk(from: state, 0..<vocabulary.places.count, vocabulary, to: &local, exits: &exits)
        let isLeaky = !isLast && exits == nil
        let entry = MaskCache.Entry(
            allowed: isLeaky ? .list([]) : .init(local), exits: isLast ? [] : exits)
        // What a limit cut short is not for others.
        if reachedLimit == nil {
            cache.keep(entry, for: key)
            reachedLimit = limit
        }
        return entry
    }

    /// Visits the part of the tree that the grammar can follow.
    /// - Parameters:
    ///   - range: of places: all, or all below one.
    ///   - exits: gains the places where the state is outside and more tokens follow; becomes nil when they are too many.
    private mutating func walk(
        from state: State, _ range: Range<Int>, _ vocabulary: TokenVocabulary, to mask: inout TokenMask,
        exits: inout [Int32]?
    ) {
        guard !range.isEmpty else { return }
        let base = Int(vocabulary.places[range.lowerBound].depth)
        var states = [State](repeating: state, count: vocabulary.longestLength + 2 - base)
        var index = range.lowerBound
        while index < range.upperBound {
            let place = vocabulary.places[index]
            let level = Int(place.depth) - base
            let next = step(states[level], place.byte)
            if next == ContinuationTable.dead {
                index = Int(place.next)
                continue
            }
            states[level + 1] = next
            if place.token >= 0 { vocabulary.insert(place.token, into: &mask) }
            index += 1
            if index < Int(place.next), isOutside(next), exits != nil {
                exits?.append(Int32(index - 1))
                if let count = exits?.count, count > Self.exitLimit { exits = nil }
            }
        }
    }
}
