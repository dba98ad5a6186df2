/// Scores the symbols of one file for the terms of a question, by BM25 over name, signature, documentation and body.
struct SymbolScorer {
    private let file: GraphStore.StoredFile
    private let terms: [String]
    private let weights: [Double]
    private let settings: RankingSettings
    private let termIndex: [String: Int]

    struct Score {
        var ordinal: Int
        var line: Int
        /// Of the same size as a file's share of the best file's score: about 1 for a symbol that is named and does what
        /// is asked for.
        var score: Double
        var reason: String
    }

    init(_ file: GraphStore.StoredFile, weights: [String: Double], settings: RankingSettings) {
        self.file = file
        self.settings = settings
        terms = weights.keys.sorted()
        self.weights = terms.map { weights[$0]! }
        termIndex = Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($1, $0) })
    }

    func scores() -> [Score] {
        let symbols = file.facts.symbols
        guard !symbols.isEmpty, !terms.isEmpty else { return [] }
        let places = occurrences()
        let total = weights.reduce(0, +) * (settings.name + settings.signature + settings.doc + settings.body)
        var scores: [Score] = []
        for (ordinal, symbol) in symbols.enumerated() {
            guard !symbol.isField else { continue }
            var weighted = [Double](repeating: 0, count: terms.count)
            var inName: [String] = []
            for index in nameTerms(symbol) {
                weighted[index] += settings.name
                inName.append(terms[index])
            }
            let bodyLength = Double(symbol.end - symbol.bodyStart)
            let norm = 1 - settings.lengthShare + settings.lengthShare * bodyLength / 1200
            add(places, Int(symbol.start)..<Int(symbol.bodyStart), settings.signature, to: &weighted)
            add(
                places, Int(symbol.docStart)..<max(Int(symbol.docStart), Int(symbol.docEnd)), settings.doc,
                to: &weighted)
            // A type's body is what its members are; they are scored by themselves.
            if !symbol.kind.isType {
                add(places, Int(symbol.bodyStart)..<Int(symbol.end), settings.body / max(norm, 0.1), to: &weighted)
            }
            var score = 0.0
            for index in weighted.indices where weighted[index] > 0 {
                score +=
                    weights[index] * weighted[index] * (settings.saturation + 1)
                    / (weighted[index] + settings.saturation)
            }
            guard score > 0 else { continue }
            let here = terms.indices.filter { weighted[$0] > 0 }.map { terms[$0] }
            scores.append(
                Score(
                    ordinal: ordinal, line: Int(symbol.line), score: score / total * 4,
                    reason: inName.isEmpty
                        ? "has " + here.joined(separator: ", ") : "named " + inName.joined(separator: ", ")))
        }
        return scores
    }

    private func nameTerms(_ symbol: SymbolFact) -> [Int] {
        var found: [Int] = []
        let name = Array(file.facts.names.utf8(symbol.name))
        unsafe name.withUnsafeBufferPointer { bytes in
            let add: (Range<Int>) -> Bool = { range in
                let word = unsafe String(decoding: bytes[range], as: UTF8.self).lowercased()
                if let index = termIndex[word], !found.contains(index) { found.append(index) }
                return true
            }
            unsafe IdentifierWords.scan(bytes) { range in
                _ = add(range)
                unsafe IdentifierWords.words(of: bytes, in: range, add)
                return true
            }
        }
        return found
    }

    /// Where each term stands, in order.
    private func occurrences() -> [[Int]] {
        var places = [[Int]](repeating: [], count: terms.count)
        let lengths = Set(terms.map(\.utf8.count))
        unsafe file.text.withUnsafeBufferPointer { bytes in
            let add: (Range<Int>) -> Bool = { range in
                guard lengths.contains(range.count) else { return true }
                let word = unsafe String(decoding: bytes[range], as: UTF8.self).lowercased()
                if let index = termIndex[word] { places[index].append(range.lowerBound) }
                return true
            }
            unsafe IdentifierWords.scan(bytes) { range in
                _ = add(range)
                unsafe IdentifierWords.words(of: bytes, in: range, add)
                return true
            }
        }
        return places
    }

    private func add(_ places: [[Int]], _ range: Range<Int>, _ weight: Double, to weighted: inout [Double]) {
        guard !range.isEmpty else { return }
        for index in places.indices {
            let count = places[index].count { range.contains($0) }
            if count > 0 { weighted[index] += weight * Double(min(count, 8)) / 2 }
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
