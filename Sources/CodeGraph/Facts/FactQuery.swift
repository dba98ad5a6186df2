package import Syntax

/// A language's query, and what its captures mean. Languages/README.md describes them.
package struct FactQuery: Sendable {
    let grammar: Grammar
    let query: SyntaxQuery
    let roles: [CaptureRole]

    package init(_ source: String, grammar: Grammar) throws(GrammarError) {
        self.grammar = grammar
        query = try SyntaxQuery(source, grammar: grammar)
        roles = query.captureNames.map { CaptureRole($0) }
    }

    /// Captures that mean nothing here: those that only serve predicates, and those that are misspelt.
    package var unknownCaptures: [String] {
        zip(query.captureNames, roles).filter { $1 == .other }.map(\.0)
    }
}

enum CaptureRole: Hashable, Sendable {
    /// What a pattern finds; a pattern has one of these.
    case definition(SymbolKind)
    case reference(ReferenceRole)
    case importing, binding, annotation, comment, doc, route, prefix, scope
    /// Parts of what was found.
    case name, receiver, type, value, owner, body, module, alias, wildcard, arguments, `private`, fallback, verb, path
    case expression(BindingForm)
    /// For predicates only.
    case other

    init(_ name: String) {
        let parts = name.split(separator: ".")
        switch parts.first {
        case "definition":
            self = SymbolKind.allCases.first { $0.captureName == parts.last ?? "" }.map { .definition($0) } ?? .other
        case "reference":
            self = ReferenceRole.allCases.first { "\($0)" == parts.last ?? "" }.map { .reference($0) } ?? .other
        case "import": self = .importing
        case "binding": self = .binding
        case "annotation": self = .annotation
        case "comment": self = .comment
        case "scope": self = .scope
        case "doc": self = .doc
        case "route": self = .route
        case "prefix": self = .prefix
        case "verb": self = .verb
        case "path": self = .path
        case "name": self = .name
        case "receiver": self = .receiver
        case "type": self = .type
        case "value": self = .value
        case "owner": self = .owner
        case "body": self = .body
        case "module": self = .module
        case "alias": self = .alias
        case "wildcard": self = .wildcard
        case "arguments": self = .arguments
        case "assigned", "element", "called", "entered":
            self = BindingForm.allCases.first { "\($0)" == name }.map { .expression($0) } ?? .other
        case "handed":
            self =
                switch parts.last {
                case "first": .expression(.handedFirst)
                case "second": .expression(.handedSecond)
                case "third": .expression(.handedThird)
                default: .other
                }
        case "private": self = .private
        case "fallback": self = .fallback
        default: self = .other
        }
    }

    var isFinding: Bool {
        switch self {
        case .definition, .reference, .importing, .binding, .annotation, .comment, .doc, .route, .prefix, .scope: true
        default: false
        }
    }
}

extension SymbolKind {
    /// As queries spell it.
    var captureName: String {
        switch self {
        case .enumMember: "enum_member"
        case .typeAlias: "type_alias"
        default: "\(self)"
        }
    }
}
