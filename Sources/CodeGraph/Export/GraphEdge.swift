/// What an edge says that one symbol has to do with another.
package enum EdgeKind: String, Hashable, Sendable, CaseIterable {
    /// Calls it, or makes an instance of it.
    case call
    /// Inherits from it or implements it; directly.
    case inherits
    /// Stands in for it in a type that inherits; the nearest one.
    case overrides
    /// A file takes something from another.
    case imports
    /// Uses it in another way: as a type, as a value, in a table of functions, as what a framework calls or hands over.
    case references

    init(_ role: ReferenceRole) {
        switch role {
        case .call, .construct: self = .call
        case .inherit, .implement: self = .inherits
        case .type, .use, .slot, .inject, .bind, .route: self = .references
        }
    }
}

/// What edges join: a symbol, or a file as a whole.
package struct GraphNode: Hashable, Sendable {
    package var file: Int
    /// -1 for the file itself.
    package var ordinal: Int

    package init(file: Int, ordinal: Int = -1) {
        self.file = file
        self.ordinal = ordinal
    }

    package init(_ symbol: SymbolID) { self.init(file: symbol.file, ordinal: symbol.ordinal) }

    /// Nil for a file.
    package var symbol: SymbolID? { ordinal >= 0 ? SymbolID(file: file, ordinal: ordinal) : nil }
}

/// A use of a symbol or a file, and where it stands.
package struct GraphEdge: Hashable, Sendable {
    /// The innermost symbol around the use; the file for what stands at its top. Of `impl A for B` B, wherever that is.
    package var from: GraphNode
    package var to: GraphNode
    package var kind: EdgeKind
    package var provenance: Provenance
    /// Where the use stands.
    package var file: Int
    /// Counted from 1.
    package var line: Int
    /// Counted from 1, in UTF-16 units as language servers do.
    package var column: Int
}
