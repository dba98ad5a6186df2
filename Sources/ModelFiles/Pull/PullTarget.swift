/// What a pull request means: a name in the store and where its contents can come from.
struct PullTarget: Sendable {
    struct Source: Sendable {
        let text: String
        let reference: ModelReference
        /// What the catalogue says the file must hash to.
        let hash: ContentHash?
        /// Where the source has the target's files, in their order; nil where beside the one that `reference` names.
        var filePaths: [String]?
    }

    let name: String
    let sources: [Source]
    /// Nil where only the file itself can tell.
    let licence: Licence?
    /// The catalogue's word on the size, where it is exact.
    let exactByteCount: Int?
    /// What the file is called where the source has no one name for it.
    let fileName: String?
    /// Of a model that is a folder: its files, beside the one that a source names.
    let folderFiles: [String]
    let refersToFile: Bool

    init(_ request: ModelPuller.Request, catalogue: Catalogue) throws(PullError) {
        let reference: ModelReference
        do { reference = try ModelReference(request.reference) } catch { throw .reference(error) }
        refersToFile = request.refersToFile
        guard case .name(let name) = reference else {
            self.name = request.name ?? Self.defaultName(reference, text: request.reference)
            sources = [Source(text: request.reference, reference: reference, hash: nil)]
            licence = nil
            exactByteCount = nil
            fileName = nil
            folderFiles = []
            return
        }
        guard let entry = catalogue.entry(named: name) else {
            throw .store(.unknownModel(name: name, suggestions: catalogue.suggestions(for: name)))
        }
        self.name = request.name ?? entry.name
        licence = entry.licence
        exactByteCount = entry.isExact == true ? entry.byteCount : nil
        fileName = entry.file
        folderFiles = entry.files ?? []
        var sources: [Source] = []
        for source in entry.sources where request.sourceKind == nil || request.sourceKind == source.kind {
            do throws(ReferenceError) {
                sources.append(
                    Source(
                        text: source.reference, reference: try ModelReference(source.reference),
                        hash: source.sha256.flatMap { ContentHash(hexadecimal: $0) }, filePaths: source.files))
            } catch { throw .reference(error) }
        }
        if let kind = request.sourceKind, sources.isEmpty {
            throw .unknownSource(model: entry.name, kind: kind, known: entry.sources.map(\.kind))
        }
        self.sources = sources
    }

    /// The files of a folder, and where a source has them.
    /// - Parameter path: of the file that the source's reference names.
    func folderFiles(of source: Source, beside path: String) -> [(name: String, path: String)] {
        let folder = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        return Array(zip(folderFiles, source.filePaths ?? folderFiles.map { folder + $0 }))
    }

    /// A reference is its own name; a local file is called after itself.
    private static func defaultName(_ reference: ModelReference, text: String) -> String {
        guard case .path(let path) = reference else { return text }
        let file = path.split(separator: "/").last.map { String($0) } ?? path
        return file.lowercased().dropping(suffix: ".gguf").map { String($0) } ?? file.lowercased()
    }
}
