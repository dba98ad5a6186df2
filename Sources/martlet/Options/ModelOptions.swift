import ArgumentParser
import Architectures
import Foundation
import Generation
import LocalChat
import ModelFiles
import Settings
import Tensors
import Tokenization

/// Which model a command is about.
struct ModelArgument: ParsableArguments {
    @Argument(
        help: "Catalogue name, hf:owner/repo/file.gguf, or the path of a GGUF file or Hugging Face folder.",
        completion: .storedModels)
    var model: String

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.model, .text(model))
    }
}

extension CompletionKind {
    /// The models on this machine, for the shell to offer.
    static var storedModels: CompletionKind {
        .custom { _ in
            guard let folder = try? ResolvedSettings().plan.modelsFolder else { return [] }
            return ((try? ModelStore(root: folder).list())?.models ?? []).map(\.manifest.name)
        }
    }
}

extension SettingsPlan {
    /// The file of the model in force.
    func modelFile() throws -> String {
        try path(of: model)
    }

    /// Maps the model in force.
    func loadModel() throws -> LoadedModel { try loadModel(path: modelFile(), tells: true) }

    /// Maps a model.
    /// - Parameter tells: whether to say what may be unexpected: too little room, an extended context.
    func loadModel(path: String, tells: Bool) throws -> LoadedModel {
        let model = try LoadedModel(path: path, context: context)
        guard tells else { return model }
        try noteRoom(for: model.language)
        try noteExtension(of: model.language)
        return model
    }

    /// The model in force without its tokenizer, for commands that see ids only.
    func loadLanguageModel() throws -> LanguageModel {
        let model = try LanguageModel(path: modelFile(), context: context)
        try noteRoom(for: model)
        try noteExtension(of: model)
        return model
    }

    /// Maps the model that drafts, if there is to be one.
    func loadDraftModel() throws -> LoadedModel? {
        try draftModel.map { try LoadedModel(path: path(of: $0)) }
    }

    /// Says so where the context is longer than what the model was trained for.
    private func noteExtension(of model: LanguageModel) throws {
        let parameters = model.hyperparameters
        guard let context, let factor = parameters.extensionFactor else { return }
        try TextOutput.notes.print(
            """
            martlet: \(grouped(context)) tokens are more than the \(grouped(parameters.context)) that the model was \
            trained for. YaRN makes room for them by a factor of \(format(factor, places: 2)), which may cost a little \
            quality on short texts.
            """)
    }

    /// Says so when weights will have to be read from disk again and again.
    private func noteRoom(for model: LanguageModel) throws {
        let size = model.source.fileByteCount
        guard let available = Machine.availableMemory, size > available else { return }
        try TextOutput.notes.print(
            """
            martlet: \(self.model) has \(ByteCount(size)) of weights and \(ByteCount(available)) of memory are free: \
            what does not fit is read from disk whenever it is needed, which is slow. Try: martlet model fit \(self.model)
            """)
    }

    /// Whether the model of that name makes vectors only.
    func isEmbeddingModel(_ name: String) throws -> Bool {
        let source = try ModelFile.open(path: path(of: name))
        return source.metadata.string("general.architecture").map(EmbeddingEncoder.architectures.contains) ?? false
    }

    /// A model of vectors: an encoder, or one made for text.
    func loadEmbeddingModel(_ name: String) throws -> LocalEmbeddingModel {
        var options = SessionOptions()
        options.threads = threads
        options.level = try KernelLevel.named(ProcessInfo.processInfo.environment["MARTLET_CPU"])
        guard try isEmbeddingModel(name) else {
            return try LocalEmbeddingModel(LoadedModel(path: path(of: name)), options)
        }
        return try LocalEmbeddingModel(path: path(of: name), options)
    }

    func path(of name: String) throws -> String {
        try ModelStore(root: modelsFolder).resolve(name, home: NSHomeDirectory()).path
    }

    /// Only the tokenizer of the model in force.
    func loadTokenizer() throws -> Tokenizer {
        let source = try ModelFile.open(path: modelFile())
        return try Tokenizer(TokenizerDefinition(gguf: source.metadata))
    }

    /// How to run it: threads, cache and kernels. Without a setting the context is the model's own, halved until its
    /// cache takes no more than half of the free memory, and with the weights no more than `memory`.
    func sessionOptions(
        for model: LoadedModel, atLeast tokens: Int = 0, within memory: Int? = nil, adapters: AdapterOptions? = nil
    ) throws -> SessionOptions {
        var options = try sessionOptions(for: model.language, atLeast: tokens, within: memory, adapters: adapters)
        options.drafts = drafts
        options.lookup = speculation == .lookup
        return options
    }

    func sessionOptions(
        for model: LanguageModel, atLeast tokens: Int = 0, within memory: Int? = nil, adapters: AdapterOptions? = nil
    ) throws -> SessionOptions {
        var options = SessionOptions()
        options.threads = threads
        options.kv = KVType(rawValue: kv.rawValue) ?? .f16
        options.level = try KernelLevel.named(ProcessInfo.processInfo.environment["MARTLET_CPU"])
        let parameters = model.hyperparameters
        if let context {
            options.context = context
        } else {
            var context = max(parameters.context, tokens)
            let room = [
                Machine.availableMemory.map { $0 / 2 }, memory.map { $0 - model.source.fileByteCount },
            ].compactMap(\.self).min()
            if let room {
                while context > max(tokens, 2048),
                    Session.memoryNeeded(model, context: context, kv: options.kv) > room
                {
                    context = max(tokens, context / 2)
                }
            }
            options.context = context
        }
        try adapters?.add(to: &options, model: model)
        return options
    }
}
