/// A model that can be pulled by name.
package struct CatalogueEntry: Codable, Hashable, Sendable {
    package struct Source: Codable, Hashable, Sendable {
        /// As `ModelReference` reads it.
        package let reference: String
        /// Of the whole file; nil where only the source itself can say.
        package let sha256: String?
        /// Where the source has each of the entry's files, as paths in its repository or wheel; nil where they lie under
        /// their own names beside the one that `reference` names.
        package let files: [String]?

        package init(reference: String, sha256: String?, files: [String]? = nil) {
            self.reference = reference
            self.sha256 = sha256
            self.files = files
        }

        /// `hf` or `pypi`.
        package var kind: String { reference.split(separator: ":").first.map { String($0) } ?? "" }
    }

    /// Family and tag, such as `qwen2.5-coder:1.5b`.
    package let name: String
    /// What others call it.
    package let aliases: [String]?
    /// Whether the family's name alone means this one.
    package let isDefault: Bool?
    package let summary: String
    /// What the file is called in the store, where the source does not give one name.
    package let file: String?
    /// Of a model that is a folder: its files, beside the one that the sources name.
    package let files: [String]?
    package let quantisation: String
    /// Of all files together.
    package let byteCount: Int
    /// Whether `byteCount` is exact; otherwise it is a few percent off at most.
    package let isExact: Bool?
    package let licence: Licence
    /// Nil for what is no language model.
    package let model: ModelDimensions?
    /// Nil where only the dimensions are known.
    package let shape: ModelShape?
    /// In order of preference.
    package let sources: [Source]

    enum CodingKeys: String, CodingKey {
        case name, aliases
        case isDefault = "default"
        case summary, file, files, quantisation
        case byteCount = "bytes"
        case isExact = "exact"
        case licence, model, shape, sources
    }

    package init(
        name: String, aliases: [String]? = nil, isDefault: Bool?, summary: String, file: String?,
        files: [String]? = nil, quantisation: String, byteCount: Int, isExact: Bool?, licence: Licence,
        model: ModelDimensions?, shape: ModelShape? = nil, sources: [Source]
    ) {
        self.name = name
        self.aliases = aliases
        self.isDefault = isDefault
        self.summary = summary
        self.file = file
        self.files = files
        self.quantisation = quantisation
        self.byteCount = byteCount
        self.isExact = isExact
        self.licence = licence
        self.model = model
        self.shape = shape
        self.sources = sources
    }

    package var family: String { name.split(separator: ":").first.map { String($0) } ?? name }
}
