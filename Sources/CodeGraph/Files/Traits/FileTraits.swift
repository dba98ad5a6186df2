/// Of what sort a file is. One can be of several: a generated test in a vendored folder.
///
/// The raw values are stored in databases: a bit never changes its meaning, and new ones are added at the end.
package struct FileTraits: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// No text: it has a zero byte near its start, or much that is no UTF-8.
    package static let binary = FileTraits(rawValue: 1 << 0)
    /// Written by a program, by its name or by what its first lines say; lock files and source maps, too.
    package static let generated = FileTraits(rawValue: 1 << 1)
    /// Another project's, kept in this one.
    package static let vendored = FileTraits(rawValue: 1 << 2)
    /// A test or what tests need, by the conventions of its language.
    package static let test = FileTraits(rawValue: 1 << 3)
    /// Prose for people.
    package static let documentation = FileTraits(rawValue: 1 << 4)
    /// It has a line longer than ``FileLimits/lineByteCount``, or a name that says so.
    package static let minified = FileTraits(rawValue: 1 << 5)
    /// Larger than ``FileLimits/byteCount``.
    package static let huge = FileTraits(rawValue: 1 << 6)

    /// Whether its contents are not worth the time, and only its path is to be found.
    package var isIndexedByPathOnly: Bool { !isDisjoint(with: [.binary, .minified, .huge]) }

    /// - Parameters:
    ///   - path: from the repository's root.
    ///   - byteCount: of all of the file.
    ///   - contents: all of the file; of one larger than the limit the first 8 KiB are enough.
    package init(path: String, byteCount: Int, contents: Span<UInt8>, limits: FileLimits = FileLimits()) {
        self.init(path: path)
        if byteCount > limits.byteCount { insert(.huge) }
        if FileContents.isBinary(contents, limits: limits) {
            insert(.binary)
            return
        }
        if FileContents.hasLine(in: contents, longerThan: limits.lineByteCount) { insert(.minified) }
        if GeneratedMarkers.arePresent(in: contents) { insert(.generated) }
    }
}

/// Where reading a file stops to be worth it.
package struct FileLimits: Hashable, Sendable {
    /// Larger files are huge.
    package var byteCount = 2_000_000
    /// Longer lines are nothing that a person wrote.
    package var lineByteCount = 100_000
    /// The share of bytes that may be no UTF-8 in a text, between 0 and 1: older encodings are still text.
    package var invalidShare = 0.3

    package init() {}
}
