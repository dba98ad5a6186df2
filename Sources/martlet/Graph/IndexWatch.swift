import CodeGraph

/// Brings an index up to date whenever something changes, until it is cancelled.
struct IndexWatch {
    let target: IndexTarget
    /// Called for each update that changed something.
    let report: (_ index: RepositoryIndex, _ milliseconds: Double) throws -> Void

    func run(rebuild: Bool) async throws {
        let watch = RepositoryWatch(target.root, usesIgnoreRules: target.usesIgnoreRules)
        var start = ContinuousClock.now
        let first = try await RepositoryIndex.update(target, rebuild: rebuild, scan: watch.scan())
        try first.noteProblems()
        try report(first, (ContinuousClock.now - start) / .milliseconds(1))
        var said: String?
        while true {
            if let limitation = watch.limitation, limitation != said {
                try TextOutput.notes.print("martlet: \(limitation); looking for changes every second instead.")
                said = limitation
            }
            let change = try await watch.next()
            start = ContinuousClock.now
            let index =
                switch change {
                case .scan(let scan): try await RepositoryIndex.update(target, scan: scan)
                case .contents(let files, let time):
                    try await RepositoryIndex.update(target, files: files, lookedAt: time, orScan: watch.scan)
                }
            guard !index.summary.isEmpty else { continue }
            try report(index, (ContinuousClock.now - start) / .milliseconds(1))
        }
    }
}

extension GraphIndexer.Summary {
    /// `a.py, b.py and 3 more: 1 added, 4 changed`
    var changes: String {
        let parts = [(added, "added"), (changed, "changed"), (removed, "removed"), (unreadable, "unreadable")]
        let counts = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        let first = paths.prefix(3).joined(separator: ", ")
        let more = added + changed + removed - min(3, paths.count)
        return "\(first)\(more > 0 ? " and \(more) more" : ""): \(counts)"
    }
}
