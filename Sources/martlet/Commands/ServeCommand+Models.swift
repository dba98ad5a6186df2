import Chat
import Foundation
import Generation
import LocalChat
import Server
import Settings

extension ServeCommand {
    /// The models that requests can call, loaded.
    func served(_ plan: SettingsPlan) throws -> (chats: [ServedModel], embeddings: [ServedEmbeddingModel]) {
        let name = alias ?? Self.name(of: plan.model)
        var embeddings: [ServedEmbeddingModel] = []
        if let embedding {
            embeddings.append(
                ServedEmbeddingModel(name: Self.name(of: embedding), model: try plan.loadEmbeddingModel(embedding)))
        }
        if try plan.isEmbeddingModel(plan.model) {
            embeddings.insert(ServedEmbeddingModel(name: name, model: try plan.loadEmbeddingModel(plan.model)), at: 0)
            return ([], embeddings)
        }
        let loaded = try plan.loadModel()
        var options = try plan.sessionOptions(for: loaded)
        let model = try LocalChatModel(
            loaded, options, sequences: parallel, waiting: queue,
            prefixes: cache.prefixes(environment: ProcessInfo.processInfo.environment),
            draft: plan.loadDraftModel(), needsTemplate: false)
        var chat = ServedModel(name: name, model: model, defaults: plan.responseOptions())
        chat.sequences = parallel
        chat.defaults.timeLimit = timeout
        try adapters.add(to: model.adapterTable, taken: [name] + embeddings.map(\.name))
        options.adapters = try model.adapterTable.selection(nil)
        embeddings.append(ServedEmbeddingModel(name: name, model: try LocalEmbeddingModel(loaded, options)))
        return ([chat], embeddings)
    }
}
