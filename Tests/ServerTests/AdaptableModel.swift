import Chat
import Synchronization

/// A model that takes adapters and writes which of them it was asked for.
final class AdaptableModel: TextModel, AdapterHosting {
    private let loaded = Mutex<[AdapterFacts]>([])
    var contextLength: Int { 128 }
    var adapters: [AdapterFacts] { loaded.withLock { $0 } }

    init(_ names: String...) {
        loaded.withLock {
            $0 = names.enumerated().map {
                AdapterFacts(id: $0.offset, name: $0.element, path: "/\($0.element)", usualScale: 0.5, scale: 0)
            }
        }
    }

    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options)
    }

    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options)
    }

    private func answer(_ options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        let names = options.adapters.map { $0.map { "\($0.name) \($0.scale)" }.joined(separator: ", ") } ?? "usual"
        return AsyncThrowingStream { continuation in
            for event in [.reading(done: 0, total: 5), .text(names), .finished(ScriptedModel.summary())] as [ChatEvent]
            {
                continuation.yield(event)
            }
            continuation.finish()
        }
    }

    func loadAdapter(_ name: String, from path: String, replaces: Bool) async throws {
        try loaded.withLock { loaded in
            guard !path.hasSuffix("broken") else { throw RequestRefusal.unsupported(reason: "It is broken.") }
            loaded.append(AdapterFacts(id: loaded.count, name: name, path: path, usualScale: 1, scale: 0))
        }
    }

    func unloadAdapter(_ name: String) throws {
        try loaded.withLock { loaded in
            guard let index = loaded.firstIndex(where: { $0.name == name }) else {
                throw RequestRefusal.unknownAdapter(name, known: loaded.map(\.name))
            }
            loaded.remove(at: index)
        }
    }

    func setAdapterScales(_ scales: [Int: Double]) throws {
        try loaded.withLock { loaded in
            if let id = scales.keys.first(where: { id in !loaded.contains { $0.id == id } }) {
                throw RequestRefusal.unknownAdapter("\(id)", known: [])
            }
            for index in loaded.indices { loaded[index].scale = scales[loaded[index].id] ?? 0 }
        }
    }
}
