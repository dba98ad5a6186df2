import CodeGraph
import Foundation
import GrammarFiles
import ModelFiles
import Settings
import Synchronization

/// A repository, and where its index is.
struct IndexTarget: Sendable {
    let root: RepositoryRoot
    /// Of the index.
    let path: String
    let usesIgnoreRules: Bool
    let languages: LanguageQueries
    let indexer: GraphIndexer
    /// What its searches compare meanings by.
    let vectors: SearchVectors

    init(_ options: RepositoryOptions) throws {
        let settings = try ResolvedSettings(flags: options.flags())
        root = try RepositoryRoot.find(from: options.repo ?? FileManager.default.currentDirectoryPath)
        usesIgnoreRules = !options.rules.noIgnore
        let folder = settings.folders.cache + "/indexes"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandError.unwritableFile(path: folder, reason: "the folder cannot be made")
        }
        path = IndexLocation.path(forRepository: root.path, in: folder, usesIgnoreRules: usesIgnoreRules)
        vectors = SearchVectors(settings.plan)
        let grammars = GrammarStore(root: settings.plan.grammarsFolder)
        languages = LanguageQueries { try grammars.grammar(named: $0) }
        indexer = GraphIndexer(
            root: root.path, languages: languages, workers: ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Languages of files here that could not be parsed, and why.
    func missing(in store: GraphStore) throws -> [(language: String, reason: String)] {
        try store.languages(withFingerprint: "missing").compactMap { language in
            languages.failure(of: language).map { (language, "\($0)") }
        }
    }

    func scan() throws -> RepositoryScan { try RepositoryScan(of: root, usesIgnoreRules: usesIgnoreRules) }

    /// Taken by the process that brings the index up to date; nil while another one does.
    /// - Parameter wait: how long to try.
    func lock(wait: Duration) async throws -> IndexLock? {
        let end = ContinuousClock.now + wait
        while true {
            if let lock = try FileLock(tryingAt: path + ".lock") { return IndexLock(lock) }
            guard ContinuousClock.now < end else { return nil }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// Holds an index's lock.
final class IndexLock: Sendable {
    private let lock: Mutex<FileLock?>

    init(_ lock: consuming FileLock) { self.lock = Mutex(lock) }

    /// Lets other processes have it before this value is gone.
    func release() { lock.withLock { $0 = nil } }
}
