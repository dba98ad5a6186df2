package import JSON

/// Where a server says that a name is defined.
package struct DefinitionPlace: Hashable, Sendable {
    /// Absolute; nil for what is no file of this machine, as with sources that stand in archives.
    package var path: String?
    package var position: TextPosition

    package init(path: String?, position: TextPosition) {
        self.path = path
        self.position = position
    }

    /// Places of an answer to `textDocument/definition`: `Location`, a list of these, or of `LocationLink`. What has
    /// another form is left out.
    package static func places(_ result: JSONValue) -> [DefinitionPlace] {
        (result.array ?? [result]).compactMap { DefinitionPlace($0) }
    }

    private init?(_ value: JSONValue) {
        guard let object = value.object, let uri = (object["uri"] ?? object["targetUri"])?.string,
            // Of a link, the name and not all that it names.
            let range = (object["range"] ?? object["targetSelectionRange"] ?? object["targetRange"])?.object,
            let start = range["start"]?.object, let line = start["line"]?.integer,
            let character = start["character"]?.integer, line >= 0, character >= 0
        else { return nil }
        path = FileAddress.path(uri: uri)
        position = TextPosition(line: line, character: character)
    }
}
