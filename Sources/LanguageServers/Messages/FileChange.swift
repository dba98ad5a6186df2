internal import JSON

/// What became of a file that a server may have read.
package struct FileChange: Hashable, Sendable {
    /// With the numbers of the protocol.
    package enum Kind: Int, Sendable {
        case created = 1
        case changed, deleted
    }

    /// Absolute.
    package var path: String
    package var kind: Kind

    package init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }

    var json: JSONValue { ["uri": .string(FileAddress.uri(path: path)), "type": .integer(kind.rawValue)] }
}
