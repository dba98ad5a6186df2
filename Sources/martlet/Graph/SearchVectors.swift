import CodeGraph
import Foundation
import ModelFiles
import Settings
import Synchronization
import WordVectors

extension WordVectors: TextVectors {}

/// The word vectors that searches compare meanings by: opened once, when they are first asked for or before.
final class SearchVectors: Sendable {
    private let name: String?
    private let store: ModelStore
    /// Nil until it is known what there is.
    private let known = Mutex<WordVectors??>(nil)

    init(_ plan: SettingsPlan) {
        name = plan.searchVectors
        store = ModelStore(root: plan.modelsFolder)
    }

    /// Opens them beside what comes before a search: a tokenizer takes as long as many a search.
    func prepare() {
        guard name != nil else { return }
        Thread.detachNewThread { _ = self.vectors() }
    }

    /// Nil where there are none. What is there and cannot be used is told once.
    @Sendable func vectors() -> (any TextVectors)? {
        known.withLock { known in
            if let known { return known }
            var opened: WordVectors?
            do {
                opened = try self.opened()
            } catch {
                try? TextOutput.notes.print("martlet: search goes by words alone: \(error)")
            }
            known = .some(opened)
            return opened
        }
    }

    /// Opens them anew.
    /// - Returns: nil when none are wanted, or the store has no such model.
    func opened() throws -> WordVectors? {
        guard let name, let model = try store.model(named: name) else { return nil }
        guard WordVectorFolder.isOne(model.folder) else { throw SearchVectorsError.notVectors(model.manifest.name) }
        return try WordVectors(path: model.folder)
    }
}

/// Why a model of the store is nothing for search.
enum SearchVectorsError: Error, CustomStringConvertible {
    case notVectors(String)

    var description: String {
        switch self {
        case .notVectors(let name):
            "\(name), which searchVectors names, is no folder of word vectors, or a part of it is lost. "
                + "Try: martlet model pull wordllama --force"
        }
    }
}
