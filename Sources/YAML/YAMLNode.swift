/// A part of a YAML document, of which JSON documents are a kind.
/// - SeeAlso: YAML 1.1, https://yaml.org/spec/1.1/
package struct YAMLNode: Hashable, Sendable {
    /// What a node is.
    package enum Content: Hashable, Sendable {
        /// - Parameter isPlain: without quotes and not a block, so that `null` is nothing and not a word.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// Keys are texts, each there once.
        case mapping([String: YAMLNode])
    }

    /// What it holds.
    package var content: Content
    /// Where it begins, from 1.
    package var line: Int

    /// A scalar's text as it stands there, numbers and dates too; nil for nothing, sequences and mappings.
    package var text: String? {
        if case .scalar(let text, _) = content, !isNull { text } else { nil }
    }

    /// Of a sequence, in its order; nil for anything else.
    package var elements: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// Of a mapping, by their keys; nil for anything else.
    package var entries: [String: YAMLNode]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// Whether it says that nothing is there.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}

/// Why bytes are no YAML document, or none that is read here.
package struct YAMLError: Error, Hashable, CustomStringConvertible {
    /// From 1.
    package var line: Int
    package var reason: String

    package var description: String { "line \(line): \(reason)" }
}
