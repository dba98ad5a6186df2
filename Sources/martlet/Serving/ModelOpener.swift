internal import HTTP
import Architectures
import Chat
import Generation
import LocalChat
import ModelFiles
import Residency
import Settings
import Synchronization
import Tensors

/// Describes and opens the models that a server offers.
struct ModelOpener: Sendable {
    let plan: SettingsPlan
    /// Answers at a time, and requests that may wait.
    let sequences: Int
    let waiting: Int
    /// Bytes that everything may take; nil: what is free.
    let memory: Int?
    /// Of the first model.
    let adapters: AdapterOptions

    /// Opens the file and tells what the model is.
    /// - Parameter isFirst: whether it was named first: it has to be as asked for, and what may be unexpected is told.
    func describe(_ reference: String, name: String, isFirst: Bool) throws -> (OfferedModel, LoadedModel?) {
        if try plan.isEmbeddingModel(reference) { return (try describeVectors(reference, name: name), nil) }
        let path = try plan.path(of: reference)
        let plan = isFirst ? plan : try planFitting(path)
        let loaded = try plan.loadModel(path: path, tells: isFirst)
        let options = try plan.sessionOptions(for: loaded, within: memory)
        let context = options.context ?? loaded.language.hyperparameters.context
        let needed = Session.memoryNeeded(
            loaded.language, context: context, kv: options.kv, drafts: sequences == 1 ? options.drafts : 0,
            sequences: sequences)
        let offered = OfferedModel(
            name: name, reference: reference, path: path,
            text: OfferedModel.Text(contextLength: max(32, context), facts: loaded.facts, plan: plan),
            vectors: OfferedModel.Vectors(try LocalEmbeddingModel(loaded, options)),
            byteCount: loaded.language.source.fileByteCount + needed
                + (isFirst ? try draftBytes(context: context, kv: options.kv) : 0))
        return (offered, loaded)
    }

    /// The settings for a model that was not asked for alone: a context that is too long for it is as long as it can be.
    private func planFitting(_ path: String) throws -> SettingsPlan {
        guard let context = plan.context else { return plan }
        var own = plan
        own.context = min(context, try LanguageModel(path: path).hyperparameters.longestContext)
        return own
    }

    /// Of the model that drafts, with a cache for each answer.
    private func draftBytes(context: Int, kv: KVType) throws -> Int {
        guard let draft = try plan.loadDraftModel()?.language else { return 0 }
        return draft.source.fileByteCount
            + Session.memoryNeeded(
                draft, context: min(context, draft.hyperparameters.context), kv: kv, sequences: sequences)
    }

    /// The same for a model that is to make vectors only.
    func describeVectors(_ reference: String, name: String) throws -> OfferedModel {
        let path = try plan.path(of: reference)
        let model = try plan.loadEmbeddingModel(reference)
        var bytes = try ModelFile.open(path: path).fileByteCount
        if try plan.isEmbeddingModel(reference) {
            // Its cache holds one text, and the rows of a pass take little.
            bytes += 32 << 20
        } else {
            let language = try LanguageModel(path: path)
            bytes += Session.memoryNeeded(language, context: model.longestText, kv: .f16)
        }
        return OfferedModel(
            name: name, reference: reference, path: path, vectors: OfferedModel.Vectors(model), byteCount: bytes)
    }

    /// How a pool brings a model into memory.
    /// - Parameters:
    ///   - isFirst: whether it gets the adapters and the model that drafts, which fit one model only.
    ///   - taken: names that adapters cannot have.
    ///   - spare: the model itself where it is open already; it is used once.
    func entry(
        _ offered: OfferedModel, isFirst: Bool, taken: [String], prefixes: PrefixCacheOptions,
        spare: LoadedModel? = nil
    ) -> PoolEntry {
        let spare = Spare(spare)
        return PoolEntry(name: offered.name, byteCount: offered.byteCount) { earlier in
            try await onOwnThread { () throws -> OpenedModel in
                guard let text = offered.text else {
                    return OpenedModel(vectors: try plan.loadEmbeddingModel(offered.reference))
                }
                let loaded = try spare.take() ?? text.plan.loadModel(path: offered.path, tells: false)
                return try open(loaded, text, isFirst: isFirst, prefixes) { table in
                    if let earlier {
                        try table.restore(earlier)
                    } else if isFirst {
                        try adapters.add(to: table, taken: taken)
                    }
                }
            }
        }
    }

    private func open(
        _ loaded: LoadedModel, _ text: OfferedModel.Text, isFirst: Bool, _ prefixes: PrefixCacheOptions,
        adapt: (AdapterTable) throws -> Void
    ) throws -> OpenedModel {
        var options = try text.plan.sessionOptions(for: loaded, within: memory)
        // As it was told when less or more memory was free.
        options.context = text.contextLength
        let model = try LocalChatModel(
            loaded, options, sequences: sequences, waiting: waiting, prefixes: prefixes,
            draft: isFirst ? plan.loadDraftModel() : nil, needsTemplate: false)
        try adapt(model.adapterTable)
        options.adapters = try model.adapterTable.selection(nil)
        var opened = OpenedModel(
            text: model, vectors: try LocalEmbeddingModel(loaded, options), close: { await model.close() })
        if let monitor = model.prefixes { opened.prefixBytes = { monitor.memoryBytes } }
        return opened
    }
}

/// Something that can be had once.
private final class Spare<Value: Sendable>: Sendable {
    private let value: Mutex<Value?>
    init(_ value: Value?) { self.value = Mutex(value) }

    func take() -> Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
