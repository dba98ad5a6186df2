/// What `martlet graph --format json` prints, as far as accuracy depends on it.
package struct CodeEdges: Decodable, Sendable {
    package struct Symbol: Decodable, Hashable, Sendable {
        package var id: String
        package var path: String
        /// Of the name, counted from 1.
        package var line: Int
        package var name: String
        package var kind: String

        package init(id: String, path: String, line: Int, name: String, kind: String) {
            self.id = id
            self.path = path
            self.line = line
            self.name = name
            self.kind = kind
        }
    }

    package struct Edge: Decodable, Hashable, Sendable {
        package var to: String
        package var kind: String
        package var provenance: String
        package var path: String
        package var line: Int
        /// Of the used name, counted from 1, in UTF-16 units.
        package var column: Int

        package init(to: String, kind: String, provenance: String, path: String, line: Int, column: Int) {
            self.to = to
            self.kind = kind
            self.provenance = provenance
            self.path = path
            self.line = line
            self.column = column
        }
    }

    package var symbols: [Symbol]
    package var edges: [Edge]

    package init(symbols: [Symbol], edges: [Edge]) {
        self.symbols = symbols
        self.edges = edges
    }
}

/// One place of a reference: a use, and where the language's own tool says that it leads.
package struct ReferenceUse: Decodable, Hashable, Sendable {
    package struct Definition: Decodable, Hashable, Sendable {
        package var path: String
        package var line: Int
        /// A function that is only declared there: wherever one of that name is defined is right.
        package var isPrototype: Bool?

        package init(path: String, line: Int, isPrototype: Bool? = nil) {
            self.path = path
            self.line = line
            self.isPrototype = isPrototype
        }
    }

    /// `call`, `inherits`, or `skipped` for a line about which nothing is known.
    package var kind: String
    package var path: String
    package var line: Int
    package var column: Int
    package var name: String
    /// The function or type. Any of several is right. Empty when it is none of the repository.
    package var to: [Definition]
    /// The variable, field or parameter of the repository that holds what is called. Right, too, but nothing that must
    /// be found.
    package var values: [Definition]?
    /// Where there are none of these: `outside` the repository, or `undecided`.
    package var why: String?

    package init(
        kind: String, path: String, line: Int, column: Int, name: String, to: [Definition],
        values: [Definition] = [], why: String? = nil
    ) {
        self.kind = kind
        self.path = path
        self.line = line
        self.column = column
        self.name = name
        self.to = to
        self.values = values
        self.why = why
    }
}
