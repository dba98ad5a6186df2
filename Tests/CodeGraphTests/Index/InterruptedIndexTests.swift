import CodeGraph
import Foundation
import SQLite
import TestSupport
import Testing

/// What other processes and their ends do to an index.
@Suite("Indexes that several processes use")
struct InterruptedIndexTests {
    /// Enough for several transactions.
    private static func fill(_ folder: TemporaryFolder, seed: Int, files: Int = 1500) throws {
        var random = SplitMix64(seed: UInt64(seed))
        for number in 0..<files {
            let callee = random.below(files)
            let text = "def f\(number)(x):\n    return f\(callee)(x)  # \(random.next())\n"
            try folder.write(text, to: "p\(number % 20)/m\(number).py")
        }
    }

    @Test("equal a clean rebuild after an update, at whatever moment the one before was killed", arguments: 1...6)
    func killed(seed: Int) async throws {
        let index = try TestIndex()
        try Self.fill(index.repository, seed: seed)
        for round in 0..<3 {
            let (path, repository) = (index.path, index.repository.path)
            let microseconds = UInt32(5_000 + (seed * 37 + round * 61) % 50 * 12_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, repository = repository as String, microseconds = microseconds as UInt32] in
                Thread.detachNewThread {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
                while true {
                    _ = try await TestIndex.update(path, of: repository)
                    // There is always something to do when the end comes.
                    for number in 0..<600 {
                        let file = repository + "/p\(number % 20)/m\(number).py"
                        try Data("def g\(number)(x): return \(UInt32.random(in: 0...(.max)))\n".utf8).write(
                            to: URL(fileURLWithPath: file))
                    }
                }
            }
            try await index.update()
        }
        let clean = try await index.rebuilt()
        #expect(try IndexContents(of: index.path).difference(from: IndexContents(of: clean)) == [])
    }

    @Test("take two writers and readers at once: nobody finds it locked, and readers see whole transactions")
    func together() async throws {
        let index = try TestIndex()
        try Self.fill(index.repository, seed: 1, files: 700)
        let (path, repository) = (index.path, index.repository.path)
        // The same from the start: both make the file.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    for round in 0..<4 {
                        if writer == 0, round > 0 {
                            // Two names that are always changed together, in one transaction.
                            for name in ["m1", "m2"] {
                                try Data("def pair_\(round)_\(name)(): pass\n".utf8).write(
                                    to: URL(fileURLWithPath: repository + "/p\(name.dropFirst())/\(name).py"))
                            }
                        }
                        _ = try await TestIndex.update(path, of: repository, workers: 1)
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<60 {
                        let store = try GraphStore(path: path)
                        try store.snapshot {
                            // Whole: as many files as have words.
                            let database = try store.knownFiles().count
                            let graph = GraphQueries(store)
                            var found = 0
                            for (path, known) in try store.knownFiles() {
                                guard path.hasSuffix(".py") else { continue }
                                found += 1
                                let file = try #require(try graph.reader.file(known.id))
                                let name = file.facts.names[try #require(file.facts.symbols.first).name]
                                #expect(try graph.reader.definitions(named: name).contains { $0.file == known.id })
                                #expect(try graph.reader.files(mentioning: name).contains(known.id))
                                if found > 20 { break }
                            }
                            #expect(try store.knownFiles().count == database)
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        try await index.update()
        let clean = try await index.rebuilt()
        #expect(try IndexContents(of: index.path).difference(from: IndexContents(of: clean)) == [])
    }

    @Test("are left as they were by an update that was cancelled, and usable")
    func cancelled() async throws {
        let index = try TestIndex()
        try Self.fill(index.repository, seed: 2)
        let (path, repository) = (index.path, index.repository.path)
        let work = Task { _ = try await TestIndex.update(path, of: repository) }
        work.cancel()
        await #expect(throws: CancellationError.self) { try await work.value }
        try await index.update()
        #expect(try GraphStore(path: path).knownFiles().count == 1500)
    }

    @Test("say that they cannot grow when the disk is full, and go on when there is space")
    func fullDisk() async throws {
        let index = try TestIndex()
        try Self.fill(index.repository, seed: 3, files: 100)
        try await index.update()
        let before = try IndexContents(of: index.path)
        try Self.fill(index.repository, seed: 4, files: 1200)
        let (path, repository) = (index.path, index.repository.path)
        await #expect(processExitsWith: .success) { [path = path as String, repository = repository as String] in
            // As on a full disk, writes beyond that size fail.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 300_000, rlim_max: 300_000)
            #if canImport(Darwin)
                setrlimit(RLIMIT_FSIZE, &limit)
            #else
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #endif
            do {
                _ = try await TestIndex.update(path, of: repository)
                exit(3)
            } catch let error as SQLiteError {
                exit(!error.isCorrupt && "\(error)".contains(path) ? 0 : 4)
            }
        }
        // Whatever was committed is whole, and the rest is done now.
        #expect(try IndexContents(of: index.path).lines.count >= before.lines.count / 2)
        try await index.update()
        let clean = try await index.rebuilt()
        #expect(try IndexContents(of: index.path).difference(from: IndexContents(of: clean)) == [])
    }

    @Test("say what to do when SQLite finds the disk full")
    func fullDatabase() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        let database = try Connection(path: path)
        try database.execute("PRAGMA max_page_count=4; CREATE TABLE t(a)")
        let error = try #require(throws: SQLiteError.self) {
            try database.execute("INSERT INTO t VALUES(zeroblob(100000))")
        }
        #expect(error.isFull)
        #expect("\(error)".contains(path) && "\(error)".contains("Free some space"))
        try database.execute("INSERT INTO t VALUES(1)")
    }

    @Test("say what cannot be written when the folder is not there")
    func noFolder() throws {
        let error = try #require(throws: SQLiteError.self) { try GraphStore(path: "/nowhere/at/all/index.db") }
        #expect(error.isForbidden)
        #expect("\(error)".contains("/nowhere/at/all/index.db cannot be written"))
    }
}
