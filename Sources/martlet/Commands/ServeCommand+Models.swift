import Chat
import Foundation
import Generation
import LocalChat
import ModelFiles
import Residency
import Server
import Settings

extension ServeCommand {
    /// What is served: models in a pool, under their names.
    struct Offer {
        var pool: ModelPool
        var chats: [ServedModel]
        var embeddings: [ServedEmbeddingModel]
    }

    /// The models that requests can call; none is in memory yet.
    func offer(_ plan: SettingsPlan, _ log: ServerLog) throws -> Offer {
        let opener = ModelOpener(
            plan: plan, sequences: parallel, waiting: queue, memory: residency.memory?.bytes, adapters: adapters)
        let (models, spare) = try offered(plan, opener)
        let memory = MemoryPlan(
            total: residency.memory?.bytes, free: Machine.availableMemory, prefixes: cache.cacheMemory?.bytes,
            needs: models.map(\.byteCount))
        if let total = residency.memory?.bytes,
            let tooLarge = models.prefix(requested(plan).count).first(where: { $0.byteCount > memory.models })
        {
            throw CommandError.modelOverMemory(
                name: tooLarge.name, needed: tooLarge.byteCount, models: memory.models, memory: total)
        }
        var prefixes = cache.prefixes(environment: ProcessInfo.processInfo.environment)
        prefixes.shared = PrefixMemory(byteLimit: memory.prefixes)
        let entries = models.enumerated().map { index, model in
            let isFirst = index == 0 && !requested(plan).isEmpty
            return opener.entry(
                model, isFirst: isFirst, taken: models.flatMap { [$0.name] + $0.aliases }, prefixes: prefixes,
                spare: isFirst ? spare : nil)
        }
        let pool = ModelPool(
            entries, budget: memory.models, keepAlive: residency.keepAlive?.seconds ?? .infinity, waitingLimit: queue
        ) { log.write($0) }
        return served(models, by: pool, defaults: plan.responseOptions())
    }

    /// The models that were named, or else the one of the settings.
    func requested(_ plan: SettingsPlan) -> [String] {
        models.isEmpty && !residency.offersAll ? [plan.model] : models
    }

    /// What there is to offer, each once, and the first as it was opened.
    private func offered(
        _ plan: SettingsPlan, _ opener: ModelOpener
    ) throws -> (models: [OfferedModel], spare: LoadedModel?) {
        var offered: [OfferedModel] = []
        var spare: LoadedModel?
        for reference in requested(plan) {
            let isFirst = offered.isEmpty
            let name = isFirst ? residency.firstName : nil
            let (model, loaded) = try opener.describe(
                reference, name: name ?? Self.name(of: reference), isFirst: isFirst)
            if isFirst { spare = loaded }
            if !offered.contains(where: { $0.path == model.path }) { offered.append(model) }
        }
        if let embedding {
            let model = try opener.describeVectors(embedding, name: Self.name(of: embedding))
            if !offered.contains(where: { $0.path == model.path }) { offered.append(model) }
        }
        if residency.offersAll { try addStore(plan, opener, to: &offered) }
        for (index, model) in offered.enumerated() where offered[..<index].contains(where: { $0.name == model.name }) {
            throw CommandError.sameName(model.name)
        }
        try addAliases(to: &offered)
        return (offered, spare)
    }

    /// Adds what the store has besides, the model of the settings first. What cannot be opened is left out, and told.
    private func addStore(_ plan: SettingsPlan, _ opener: ModelOpener, to offered: inout [OfferedModel]) throws {
        let store = ModelStore(root: plan.modelsFolder)
        let usual = (try? store.model(named: plan.model))?.manifest.name
        let names = try store.list().models.map(\.manifest.name)
        for name in names.filter({ $0 == usual }) + names.filter({ $0 != usual }) {
            do {
                let path = try plan.path(of: name)
                guard !offered.contains(where: { $0.path == path }) else { continue }
                let own = offered.isEmpty ? residency.firstName : nil
                offered.append(try opener.describe(name, name: own ?? name, isFirst: false).0)
            } catch {
                try TextOutput.notes.print("martlet: \(name) is left out: \(ErrorReport.continued("\(error)"))")
            }
        }
        guard !offered.isEmpty else { throw CommandError.emptyStore(path: plan.modelsFolder) }
    }

    private func addAliases(to offered: inout [OfferedModel]) throws {
        for alias in residency.alias {
            guard let wanted = alias.model else { continue }
            guard !offered.contains(where: { $0.name == alias.name || $0.aliases.contains(alias.name) }) else {
                throw CommandError.sameName(alias.name)
            }
            guard let place = offered.firstIndex(where: { $0.name == wanted || $0.reference == wanted }) else {
                throw CommandError.aliasOfNothing(name: alias.name, model: wanted, offered: offered.map(\.name))
            }
            offered[place].aliases.append(alias.name)
        }
    }

    /// Vectors come from encoders, where there are any, before those of chat models.
    private func served(_ models: [OfferedModel], by pool: ModelPool, defaults: ResponseOptions) -> Offer {
        var offer = Offer(pool: pool, chats: [], embeddings: [])
        var ownVectors: [ServedEmbeddingModel] = []
        for (index, model) in models.enumerated() {
            let vectors = PooledEmbeddingModel(
                pool, index, dimensions: model.vectors.dimensions, longestText: model.vectors.longestText,
                scoresPairs: model.vectors.scoresPairs)
            var embedding = ServedEmbeddingModel(name: model.name, model: vectors)
            embedding.aliases = model.aliases
            guard let text = model.text else {
                offer.embeddings.append(embedding)
                continue
            }
            ownVectors.append(embedding)
            var chat = ServedModel(
                name: model.name,
                model: PooledTextModel(pool, index, contextLength: text.contextLength, facts: text.facts),
                defaults: defaults)
            chat.aliases = model.aliases
            chat.sequences = parallel
            chat.defaults.timeLimit = timeout
            offer.chats.append(chat)
        }
        offer.embeddings += ownVectors
        return offer
    }
}
