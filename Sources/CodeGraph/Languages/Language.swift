/// A language whose files are parsed: how to recognise them, and what to look for in them.
package struct Language: Hashable, Sendable, Identifiable {
    /// As users and stores name it.
    package let id: String
    /// Of the tree-sitter grammar.
    package let grammar: String
    /// Without their dots.
    let extensions: [String]
    /// Names of files without a telling extension.
    var fileNames: [String] = []
    /// Programs that a first line `#!` may name.
    var interpreters: [String] = []
    /// Patterns over the grammar's trees; Languages/README.md says what their captures mean.
    let queries: @Sendable () -> [[UInt8]]

    package var query: String {
        queries().map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }

    package static func == (a: Self, b: Self) -> Bool { a.id == b.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Language {
    private static let byExtension = Dictionary(
        uniqueKeysWithValues: all.flatMap { language in language.extensions.map { ($0, language) } })
    private static let byFileName = Dictionary(
        uniqueKeysWithValues: all.flatMap { language in language.fileNames.map { ($0, language) } })

    /// The language of a file, by its name, or by its first line where the name does not tell.
    package static func of(path: String, start: UnsafeBufferPointer<UInt8>) -> Language? {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if let language = byFileName[name] { return language }
        if let dot = name.lastIndex(of: "."), dot > name.startIndex {
            return byExtension[name[name.index(after: dot)...].lowercased()]
        }
        guard unsafe start.starts(with: "#!".utf8) else { return nil }
        let line = unsafe String(decoding: start.prefix(200).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.dropFirst(2).split { $0 == " " || $0 == "/" }
        return all.first { language in words.contains { language.interpreters.contains(String($0)) } }
    }
}
