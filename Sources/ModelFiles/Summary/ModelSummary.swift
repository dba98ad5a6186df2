/// What is worth knowing of a model before running it, and before pulling it.
package struct ModelSummary: Sendable {
    package enum Origin: String, Sendable {
        /// In the store.
        case store
        /// A file outside it.
        case file
        /// Known by name only.
        case catalogue
    }

    package let name: String
    package let origin: Origin
    /// The (first) file, when it is on this machine.
    package let path: String?
    /// The reference it came from or would come from.
    package let source: String?
    package let quantisation: String
    /// Of all files, in bytes.
    package let byteCount: Int
    /// Of the weights alone.
    package let weightByteCount: Int
    package let bitsPerWeight: Double
    /// Whether the sizes are exact.
    package let isExact: Bool
    package let licence: Licence
    /// Nil when the file does not say.
    package let model: ModelDimensions?

    package init(_ entry: CatalogueEntry) {
        name = entry.name
        origin = .catalogue
        path = nil
        source = entry.sources.first?.reference
        quantisation = entry.quantisation
        byteCount = entry.byteCount
        weightByteCount = entry.byteCount
        let parameters = entry.model?.parameters ?? 0
        bitsPerWeight = parameters == 0 ? 0 : Double(entry.byteCount) * 8 / Double(parameters)
        isExact = entry.isExact == true
        licence = entry.licence
        model = entry.model
    }

    /// Describes word vectors, which are no model.
    private init(_ vectors: WordVectorFolder, _ resolved: ResolvedModel) {
        name = resolved.name
        origin = resolved.stored == nil ? .file : .store
        path = resolved.path
        source = resolved.stored?.manifest.source
        quantisation = vectors.table.type.rawValue
        byteCount = resolved.stored?.byteCount ?? vectors.table.byteCount
        weightByteCount = vectors.table.byteCount
        bitsPerWeight = Double(vectors.table.type.bits)
        isExact = true
        licence = resolved.stored?.manifest.licence ?? vectors.metadata.declaredLicence
        model = nil
    }

    /// Opens the model's file.
    package init(_ resolved: ResolvedModel) throws(ModelFileError) {
        if WordVectorFolder.isOne(resolved.path) {
            do { self.init(try WordVectorFolder(path: resolved.path), resolved) } catch { throw .folder(error) }
        } else {
            self.init(try ModelFile.open(path: resolved.path), resolved)
        }
    }

    private init(_ file: any ModelSource, _ resolved: ResolvedModel) {
        name = resolved.name
        origin = resolved.stored == nil ? .file : .store
        path = resolved.path
        source = resolved.stored?.manifest.source
        quantisation = file.quantisation
        byteCount = file.fileByteCount
        weightByteCount = file.weightByteCount
        bitsPerWeight = file.bitsPerWeight
        isExact = true
        licence = resolved.stored?.manifest.licence ?? file.metadata.declaredLicence
        model = file.dimensions
    }

    /// What it takes to run it at that context length; nil when its numbers are unknown.
    package func memory(context: Int, cacheType: MemoryEstimate.CacheType) -> MemoryEstimate? {
        model.map {
            MemoryEstimate(
                weightByteCount: weightByteCount, dimensions: $0, context: context, cacheType: cacheType)
        }
    }
}

extension ModelStore {
    /// Describes a model that is here, or, by its name, one that could be pulled.
    package func summary(of text: String, home: String? = nil) throws(SummaryError) -> ModelSummary {
        let resolved: ResolvedModel
        do { resolved = try resolve(text, home: home) } catch {
            if case .notPulled(let name, _, _) = error, let entry = catalogue.entry(named: name) {
                return ModelSummary(entry)
            }
            throw .store(error)
        }
        do { return try ModelSummary(resolved) } catch { throw .file(error) }
    }
}

package enum SummaryError: Error, Hashable, Sendable, CustomStringConvertible {
    case store(StoreError)
    case file(ModelFileError)

    package var description: String {
        switch self {
        case .store(let error): error.description
        case .file(let error): error.description
        }
    }
}
