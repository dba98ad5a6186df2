import ArgumentParser
import CodeGraph

/// How a whole graph is written.
enum GraphFormat: String, ExpressibleByArgument, CaseIterable {
    /// For programs.
    case json
    /// For Graphviz.
    case dot
    /// A page for people.
    case html
}

/// Kinds of edges, with commas between them.
struct EdgeKinds: ExpressibleByArgument {
    let kinds: Set<EdgeKind>

    static let all = EdgeKinds(kinds: Set(EdgeKind.allCases))

    private init(kinds: Set<EdgeKind>) { self.kinds = kinds }

    init?(argument: String) {
        let names = argument.split(separator: ",").map(String.init)
        let kinds = names.compactMap(EdgeKind.init(rawValue:))
        guard kinds.count == names.count, !kinds.isEmpty else { return nil }
        self.kinds = Set(kinds)
    }

    var defaultValueDescription: String { "all" }
}

extension GraphPicture.Level: ExpressibleByArgument {}
