/// A symbol of an index: which file, and its place in that file's list of symbols.
package struct SymbolID: Hashable, Sendable, Comparable {
    package var file: Int
    package var ordinal: Int

    package init(file: Int, ordinal: Int) {
        self.file = file
        self.ordinal = ordinal
    }

    package static func < (a: Self, b: Self) -> Bool { (a.file, a.ordinal) < (b.file, b.ordinal) }
}

/// How it is known what a name means, from the surest to none.
package enum Provenance: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// A language server says so.
    case exact = 0
    /// The scopes and imports of the file lead to it.
    case importResolved
    /// So does the type of the variable before the dot, which was inferred.
    case typeInferred
    /// It is the only symbol of that name.
    case uniqueName
    /// There are several, and nothing tells which.
    case ambiguous

    package var name: String {
        switch self {
        case .exact: "exact"
        case .importResolved: "import-resolved"
        case .typeInferred: "type-inferred"
        case .uniqueName: "unique-name"
        case .ambiguous: "ambiguous"
        }
    }

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// What a name in a file means.
package struct Resolution: Hashable, Sendable {
    /// In order; several when `ambiguous`, or when a function is declared in more than one place.
    package var targets: [SymbolID]
    package var provenance: Provenance
}

extension Resolution {
    /// Symbols of the file that asks.
    init(_ ordinals: [Int], in file: GraphReader.FactsOfFile) {
        targets = ordinals.map { SymbolID(file: file.id, ordinal: $0) }
        provenance = .importResolved
    }
}
