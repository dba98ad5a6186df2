/// Scores a file and its symbols for the terms of a question, by BM25 over weighted fields.
/// - SeeAlso: Robertson, Zaragoza and Taylor 2004, "Simple BM25 extension to multiple weighted fields".
struct FileScorer: Sendable {
    private let terms: [SearchQuery.Term]
    private let weights: [Double]
    private let settings: RankingSettings
    private var matcher: TermMatcher

    /// - Parameter weights: how telling each term is.
    init(_ terms: [SearchQuery.Term], weights: [Double], settings: RankingSettings) {
        self.terms = terms
        self.weights = weights
        self.settings = settings
        matcher = TermMatcher(terms)
    }

    struct Scores: Sendable {
        /// Of the file as a whole, without that of its symbols.
        var file: Double
        var symbols: [SymbolScore]
    }

    struct SymbolScore: Sendable {
        var ordinal: Int
        var line: Int
        /// About 1 for a symbol that is named and does what is asked for.
        var score: Double
        var reason: String
    }

    /// - Parameter averageLength: of the texts of all candidates, in bytes.
    mutating func scores(_ file: GraphStore.StoredFile, averageLength: Double) -> Scores {
        guard !terms.isEmpty else { return Scores(file: 0, symbols: []) }
        let places = places(in: file.text)
        let share = settings.fileLengthShare
        let length = 1 - share + share * Double(file.text.count) / max(averageLength, 1)
        var frequencies = places.map { settings.text / length * amount($0[...]) }
        add(Array(file.path.utf8), settings.path, to: &frequencies)
        var symbols: [SymbolScore] = []
        for (ordinal, symbol) in file.facts.symbols.enumerated() {
            let name = Array(file.facts.names.utf8(symbol.name))
            if !symbol.isField, let scored = score(symbol, ordinal, name, places) { symbols.append(scored) }
        }
        return Scores(file: saturated(frequencies, settings.fileSaturation), symbols: symbols)
    }

    private mutating func score(
        _ symbol: SymbolFact, _ ordinal: Int, _ name: [UInt8], _ places: [[Place]]
    ) -> SymbolScore? {
        var frequencies = [Double](repeating: 0, count: terms.count)
        var named = frequencies
        add(name, 1, to: &named)
        let docs = amounts(places, symbol.docStart, symbol.docEnd)
        let signature = amounts(places, symbol.start, symbol.bodyStart)
        // A type's body is what its members are; they are scored by themselves.
        let body = symbol.kind.isType ? nil : amounts(places, symbol.bodyStart, symbol.end)
        let bodyLength = Double(symbol.end - symbol.bodyStart) / settings.bodyLength
        let length = max(0.1, 1 - settings.lengthShare + settings.lengthShare * bodyLength)
        for term in terms.indices {
            frequencies[term] =
                settings.name * min(named[term], 1) + settings.signature * signature[term]
                + settings.doc * docs[term] + settings.body / length * (body?[term] ?? 0)
        }
        let score = saturated(frequencies, settings.saturation)
        guard score > 0 else { return nil }
        let most = weights.reduce(0, +) * (settings.name + settings.signature + settings.doc + settings.body)
        let inName = terms.indices.filter { named[$0] > 0 }
        let anywhere = terms.indices.filter { frequencies[$0] > 0 }
        return SymbolScore(
            ordinal: ordinal, line: Int(symbol.line), score: score / most * 4,
            reason: inName.isEmpty ? "has \(words(anywhere))" : "named \(words(inName))")
    }

    private func words(_ terms: [Int]) -> String { terms.map { self.terms[$0].forms[0] }.joined(separator: ", ") }

    private func saturated(_ frequencies: [Double], _ saturation: Double) -> Double {
        var score = 0.0
        for (weight, frequency) in zip(weights, frequencies) where frequency > 0 {
            score += weight * frequency * (saturation + 1) / (frequency + saturation)
        }
        return score
    }

    // MARK: Where terms stand

    private struct Place {
        var start: UInt32
        var isExact: Bool
    }

    /// For each term, in order.
    private mutating func places(in text: [UInt8]) -> [[Place]] {
        var places = [[Place]](repeating: [], count: terms.count)
        unsafe text.withUnsafeBufferPointer { bytes in
            unsafe matcher.forEach(in: bytes) { match, start in
                places[match.term].append(Place(start: UInt32(start), isExact: match.isExact))
            }
        }
        return places
    }

    private func amount(_ places: ArraySlice<Place>) -> Double {
        places.reduce(0) { $0 + ($1.isExact ? 1 : settings.otherForm) }
    }

    /// How much of each term stands in a range.
    private func amounts(_ places: [[Place]], _ start: UInt32, _ end: UInt32) -> [Double] {
        places.map { places in
            guard start < end, !places.isEmpty else { return 0 }
            let first = firstIndex(in: places, from: start)
            return amount(places[first..<firstIndex(in: places, from: max(end, start))])
        }
    }

    private func firstIndex(in places: [Place], from start: UInt32) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle].start < start { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds what each term stands for in a short text.
    private mutating func add(_ text: [UInt8], _ weight: Double, to frequencies: inout [Double]) {
        unsafe text.withUnsafeBufferPointer { bytes in
            unsafe matcher.forEach(in: bytes) { match, _ in
                frequencies[match.term] += weight * (match.isExact ? 1 : settings.otherForm)
            }
        }
    }
}

extension SymbolFact {
    /// Something that runs: a callable, or a property that is computed.
    var hasCode: Bool { kind.isCallable || (kind == .property && bodyStart < end) }

    /// A name for a value within a type. A property that is computed is not one: it has code.
    var isField: Bool {
        switch kind {
        case .field, .enumMember: true
        case .property: bodyStart >= end
        default: false
        }
    }
}
