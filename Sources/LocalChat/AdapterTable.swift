internal import HTTP
package import Architectures
package import Chat
import ModelFiles
import Synchronization
package import Tensors

/// The LoRA adapters that a model has loaded, by name, and which of them a request gets.
///
/// A request holds what it got until it ends, also when the adapter is unloaded meanwhile. Adapters stay in memory as
/// long as somebody has them.
package final class AdapterTable: Sendable {
    private struct Entry: Sendable {
        var facts: AdapterFacts
        var adapter: Adapter
    }

    private struct State {
        var entries: [Entry] = []
        var nextID = 0

        var names: [String] { entries.map(\.facts.name) }

        func index(of name: String) throws(LocalChatError) -> Int {
            guard let index = entries.firstIndex(where: { $0.facts.name == name }) else {
                throw .unknownAdapter(name, known: names)
            }
            return index
        }
    }

    /// Adapters at a time: whoever may load them is not to fill the memory unnoticed.
    package static let limit = 64

    private let model: LanguageModel
    /// Corrects those that name no adapters, besides those of the table.
    private let base: AdapterSelection
    private let state = Mutex(State())

    /// - Parameters:
    ///   - model: what the adapters correct; it outlives them.
    ///   - base: what corrects it besides for those that name no adapters.
    package init(_ model: LanguageModel, base: AdapterSelection) { (self.model, self.base) = (model, base) }

    /// Those that are loaded, by their ids.
    package var facts: [AdapterFacts] { state.withLock { $0.entries.map(\.facts) } }

    /// Loads an adapter, on the calling thread.
    /// - Parameters:
    ///   - usualScale: factor for those that ask for it by name.
    ///   - scale: factor for those that name no adapters.
    ///   - replaces: whether one of that name gives way; it keeps its id and its factors.
    package func load(
        _ name: String, from path: String, usualScale: Double = 1, scale: Double = 0, replaces: Bool = false
    ) throws(LocalChatError) {
        // Nobody waits for a file that will not be taken.
        if let reason = state.withLock({ Self.refusal(of: name, in: $0, replaces: replaces) }) { throw reason }
        let adapter: Adapter
        do { adapter = try Adapter.load(path: path, for: model) } catch { throw .adapter(error) }
        let reason: LocalChatError? = state.withLock { state in
            if let reason = Self.refusal(of: name, in: state, replaces: replaces) { return reason }
            if let index = state.entries.firstIndex(where: { $0.facts.name == name }) {
                state.entries[index].facts.path = path
                state.entries[index].adapter = adapter
                return nil
            }
            let facts = AdapterFacts(id: state.nextID, name: name, path: path, usualScale: usualScale, scale: scale)
            state.entries.append(Entry(facts: facts, adapter: adapter))
            state.nextID += 1
            return nil
        }
        if let reason { throw reason }
    }

    /// Loads what an earlier table of the model had, with its numbers and factors.
    package func restore(_ earlier: [AdapterFacts]) throws(LocalChatError) {
        for facts in earlier {
            let adapter: Adapter
            do { adapter = try Adapter.load(path: facts.path, for: model) } catch { throw .adapter(error) }
            state.withLock { state in
                state.entries.append(Entry(facts: facts, adapter: adapter))
                state.nextID = max(state.nextID, facts.id + 1)
            }
        }
    }

    private static func refusal(of name: String, in state: State, replaces: Bool) -> LocalChatError? {
        if state.names.contains(name) { return replaces ? nil : .adapterNameTaken(name) }
        return state.entries.count < limit ? nil : .tooManyAdapters(limit: limit)
    }

    /// Takes an adapter out; those that have it keep it.
    package func unload(_ name: String) throws(LocalChatError) {
        try change { state throws(LocalChatError) in _ = state.entries.remove(at: try state.index(of: name)) }
    }

    /// Sets the factors for those that name no adapters; those that are left out become 0.
    package func setScales(_ scales: [Int: Double]) throws(LocalChatError) {
        try change { state throws(LocalChatError) in
            let ids = state.entries.map(\.facts.id)
            if let id = scales.keys.sorted().first(where: { !ids.contains($0) }) {
                throw .unknownAdapter("\(id)", known: ids.map { "\($0)" })
            }
            for index in state.entries.indices {
                state.entries[index].facts.scale = scales[state.entries[index].facts.id] ?? 0
            }
        }
    }

    /// What corrects the model for a request.
    /// - Parameter choices: those that it asks for, no others; nil where it names none.
    package func selection(_ choices: [AdapterChoice]?) throws(LocalChatError) -> AdapterSelection {
        try change { state throws(LocalChatError) in
            var parts: [(adapter: Adapter, factor: Float)] = []
            guard let choices else {
                for entry in state.entries { parts.append((entry.adapter, Float(entry.facts.scale))) }
                return AdapterSelection(base.parts + parts)
            }
            for choice in choices {
                parts.append((state.entries[try state.index(of: choice.name)].adapter, Float(choice.scale)))
            }
            return AdapterSelection(parts)
        }
    }

    private func change<R: Sendable>(
        _ body: (inout sending State) throws(LocalChatError) -> sending R
    ) throws(LocalChatError) -> R {
        try state.withLock(body)
    }
}

extension LocalChatModel: AdapterHosting {
    package var adapters: [AdapterFacts] { adapterTable.facts }

    package func loadAdapter(_ name: String, from path: String, replaces: Bool) async throws {
        try await onOwnThread { [adapterTable] in try adapterTable.load(name, from: path, replaces: replaces) }
    }

    package func unloadAdapter(_ name: String) throws { try adapterTable.unload(name) }

    package func setAdapterScales(_ scales: [Int: Double]) throws { try adapterTable.setScales(scales) }
}
