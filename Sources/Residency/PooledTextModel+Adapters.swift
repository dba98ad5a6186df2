package import Chat
import Synchronization

/// Adapters leave memory with their model and come back with it.
extension PooledTextModel: AdapterHosting {
    package var adapters: [AdapterFacts] { pool.adapters(of: index) }

    package func loadAdapter(_ name: String, from path: String, replaces: Bool) async throws {
        try await pool.withModel(index) { opened in
            guard let host = opened.text as? any AdapterHosting else {
                throw RequestRefusal.unsupported(reason: "This model takes no adapters.")
            }
            try await host.loadAdapter(name, from: path, replaces: replaces)
        }
    }

    package func unloadAdapter(_ name: String) throws {
        if let host = pool.adapterHost(of: index) { return try host.unloadAdapter(name) }
        try pool.changeAdapters(of: index) { adapters in
            guard let place = adapters.firstIndex(where: { $0.name == name }) else {
                throw RequestRefusal.unknownAdapter(name, known: adapters.map(\.name))
            }
            adapters.remove(at: place)
        }
    }

    package func setAdapterScales(_ scales: [Int: Double]) throws {
        if let host = pool.adapterHost(of: index) { return try host.setAdapterScales(scales) }
        try pool.changeAdapters(of: index) { adapters in
            let ids = adapters.map(\.id)
            if let id = scales.keys.sorted().first(where: { !ids.contains($0) }) {
                throw RequestRefusal.unknownAdapter("\(id)", known: ids.map { "\($0)" })
            }
            for place in adapters.indices { adapters[place].scale = scales[ids[place]] ?? 0 }
        }
    }
}

extension ModelPool {
    /// Those that a model has, or had when it left memory.
    func adapters(of model: Int) -> [AdapterFacts] {
        let (opened, earlier) = state.withLock { ($0.opened[model], $0.records[model].adapters) }
        return (opened?.text as? any AdapterHosting)?.adapters ?? earlier ?? []
    }

    /// Nil while the model is not in memory.
    func adapterHost(of model: Int) -> (any AdapterHosting)? {
        state.withLock { $0.opened[model] }?.text as? any AdapterHosting
    }

    /// Changes what a model is to have when it is back.
    func changeAdapters(of model: Int, _ change: (inout [AdapterFacts]) throws -> Void) throws {
        try state.withLock { state in
            var adapters = state.records[model].adapters ?? []
            try change(&adapters)
            state.records[model].adapters = adapters
        }
    }
}
