import CodeGraph
import Foundation
import SQLite

/// The index of a repository, brought up to date with its files.
struct RepositoryIndex {
    let target: IndexTarget
    let store: GraphStore
    let leftOut: LeftOut
    let summary: GraphIndexer.Summary

    var root: RepositoryRoot { target.root }
    var path: String { target.path }

    /// Brings the index up to date and asks it something. All that `body` reads is of one moment.
    ///
    /// A damaged index is made again, whenever the damage shows, and asked again.
    /// - Parameters:
    ///   - links: whether the links between files are asked for, too.
    ///   - searches: whether `body` searches, which gets ready meanwhile.
    ///   - releasesLock: whether others may bring the index up to date while `body` asks.
    static func ask<Answer>(
        _ options: RepositoryOptions, links: Bool = false, searches: Bool = false, releasesLock: Bool = false,
        _ body: (RepositoryIndex) throws -> Answer
    ) async throws -> Answer {
        let target = try IndexTarget(options)
        if searches { target.vectors.prepare() }
        do {
            // Another process may be at work for minutes; what it has committed so far can be asked.
            let lock = try await target.lock(wait: .seconds(1))
            return try await answer(target, lock, links: links, releasesLock: releasesLock, body)
        } catch let error as SQLiteError where error.isCorrupt {
            try TextOutput.notes.print(
                "martlet: the index \(target.path) cannot be used (\(error.message)); it is made again.")
            let lock = try await waitForLock(of: target)
            IndexLocation.remove(target.path)
            return try await answer(target, lock, links: links, releasesLock: releasesLock, body)
        }
    }

    private static func answer<Answer>(
        _ target: IndexTarget, _ lock: IndexLock?, links: Bool, releasesLock: Bool,
        _ body: (RepositoryIndex) throws -> Answer
    ) async throws -> Answer {
        let index = try await lock == nil ? outdated(target) : updated(target)
        return try withExtendedLifetime(lock) {
            if links, lock != nil { try LinkTable(GraphReader(index.store)).update() }
            return try index.store.snapshot {
                try index.noteProblems()
                if releasesLock { lock?.release() }
                return try body(index)
            }
        }
    }

    /// Brings the index up to date.
    /// - Parameters:
    ///   - rebuild: makes the index anew.
    ///   - scan: when it is known already what files there are.
    static func update(_ target: IndexTarget, rebuild: Bool = false, scan: RepositoryScan? = nil) async throws -> Self {
        let lock = try await waitForLock(of: target)
        if rebuild { IndexLocation.remove(target.path) }
        return try await updated(target, lock, scan)
    }

    /// Makes a damaged index again.
    private static func updated(
        _ target: IndexTarget, _ lock: IndexLock, _ scan: RepositoryScan?
    ) async throws -> Self {
        defer { withExtendedLifetime(lock) {} }
        do {
            return try await updated(target, scan)
        } catch let error as SQLiteError where error.isCorrupt {
            try TextOutput.notes.print(
                "martlet: the index \(target.path) cannot be used (\(error.message)); it is made again.")
            IndexLocation.remove(target.path)
            return try await updated(target, scan)
        }
    }

    /// Brings some files up to date, which the index has; all others are as they were.
    /// - Parameter orScan: gives all files, where it turns out that these are not enough.
    static func update(
        _ target: IndexTarget, files: [ScannedFile], lookedAt nanoseconds: Int64, orScan: () throws -> RepositoryScan
    ) async throws -> Self {
        let lock = try await waitForLock(of: target)
        do {
            defer { withExtendedLifetime(lock) {} }
            let store = try GraphStore(path: target.path)
            if let summary = try await target.indexer.update(store, files: files, lookedAt: nanoseconds) {
                return RepositoryIndex(target: target, store: store, leftOut: LeftOut(), summary: summary)
            }
        } catch let error as SQLiteError where error.isCorrupt {
            // Made again by the update that follows.
        }
        return try await updated(target, lock, orScan())
    }

    private static func waitForLock(of target: IndexTarget) async throws -> IndexLock {
        if let lock = try await target.lock(wait: .seconds(1)) { return lock }
        try TextOutput.notes.print("martlet: another process brings the index up to date; waiting for it.")
        while true {
            if let lock = try await target.lock(wait: .seconds(60)) { return lock }
        }
    }

    private static func updated(_ target: IndexTarget, _ known: RepositoryScan? = nil) async throws -> Self {
        let scan = try known ?? target.scan()
        let store = try GraphStore(path: target.path)
        let bar = ProgressBar(output: .notes)
        let start = ContinuousClock.now
        let summary = try await target.indexer.update(store, with: scan) { state in
            // Never for less than a second's work.
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            guard seconds > 1 else { return }
            let rate = Double(state.bytesDone) / seconds
            bar.update(
                received: state.bytesDone, total: state.bytesToDo, bytesPerSecond: rate,
                secondsLeft: rate > 0 ? Double(state.bytesToDo - state.bytesDone) / rate : nil)
        }
        bar.clear()
        return RepositoryIndex(target: target, store: store, leftOut: scan.leftOut, summary: summary)
    }

    private static func outdated(_ target: IndexTarget) throws -> Self {
        try TextOutput.notes.print(
            "martlet: another process is bringing the index up to date; this answer is from what it has done so far.")
        return RepositoryIndex(
            target: target, store: try GraphStore(path: target.path), leftOut: LeftOut(),
            summary: GraphIndexer.Summary())
    }
}

extension RepositoryIndex {
    /// Says what makes answers poorer than a user would think.
    func noteProblems() throws {
        let ignored = leftOut.count(.ignored)
        if summary.files == 0, ignored > 0 {
            let first = leftOut.firstPaths(.ignored).prefix(3).joined(separator: ", ")
            try TextOutput.notes.print(
                """
                martlet: there is nothing to index in \(root.path): git's ignore rules leave out all that is there \
                (\(first)\(ignored > 3 ? " and \(ignored - 3) more" : "")). To index it all the same: --no-ignore
                """)
        }
        let missing = try target.missing(in: store)
        guard let first = missing.first else { return }
        let names = missing.map(\.language).joined(separator: ", ")
        let advice = first.reason.contains("Try:") ? "" : ". Try: martlet grammar pull"
        try TextOutput.notes.print("martlet: \(names): indexed by words only. \(first.reason)\(advice)")
    }
}
