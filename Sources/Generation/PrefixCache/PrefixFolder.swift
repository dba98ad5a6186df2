internal import Architectures
internal import ModelFiles
internal import Synchronization
internal import Tensors

/// What prefixes left behind, on disk: it survives the end of the program, however that comes, and a change of models.
///
/// Sequences are cut into chunks of 256 tokens, the last one shorter, a file each. A file is found by the digest of all
/// tokens before its own, and named by the digest of all up to its end. Models, types of caches and adapters have
/// digests of their own to begin with. What does not check is deleted; what was used longest ago gives way.
final class PrefixFolder: Sendable {
    /// Of all models.
    let path: String
    /// Of this model, in it.
    private let ownPath: String
    /// Digest of the model, the type of its caches, and what else must be the same.
    private let space: String
    private let byteLimit: Int
    private let layout: SequenceLayout
    private let state = Mutex(State())

    private struct State {
        /// By the digest of all tokens before.
        var entries: [String: [Entry]] = [:]
        var counts = Counts()
    }

    struct Entry: Hashable, Sendable {
        var kind: PrefixFileHeader.Kind
        var prefix: String
        var ids: [Int32]
        var path: String
    }

    struct Counts: Hashable, Sendable {
        var files = 0
        /// Files written, their bytes, and files that gave way or were damaged.
        var saved = 0
        var savedBytes = 0
        var evicted = 0
        var damaged = 0
    }

    /// Reads which files there are.
    /// - Returns: nil where the folder cannot be made or written to.
    init?(path: String, byteLimit: Int, space: ContentHash, layout: SequenceLayout) {
        (self.path, self.byteLimit, self.layout) = (path, byteLimit, layout)
        self.space = space.hexadecimal
        ownPath = "\(path)/\(space.hexadecimal.prefix(16))"
        guard PrefixFileListing.makeFolder(ownPath) else { return nil }
        for file in PrefixFileListing(folder: path).files where file.path.hasPrefix(ownPath + "/") {
            if let header = reading(file.path, { () throws(PrefixFileError) in try open(file.path).header }) {
                add(Entry(kind: header.kind, prefix: header.prefix, ids: header.ids, path: file.path))
            }
        }
    }

    var counts: Counts {
        state.withLock { state in
            state.counts.files = state.entries.values.reduce(0) { $0 + $1.count }
            return state.counts
        }
    }

    private func add(_ entry: Entry) {
        state.withLock { state in
            if state.entries[entry.prefix]?.contains(entry) != true {
                state.entries[entry.prefix, default: []].append(entry)
            }
        }
    }

    /// Deletes a file that is damaged or not ours.
    private func drop(_ path: String) {
        PrefixFileListing.remove(path)
        forget([path])
        state.withLock { $0.counts.damaged += 1 }
    }

    private func forget(_ paths: Set<String>) {
        state.withLock { state in
            for key in Array(state.entries.keys) {
                state.entries[key]?.removeAll { paths.contains($0.path) }
                if state.entries[key]?.isEmpty == true { state.entries[key] = nil }
            }
        }
    }

    /// A file of this model's, in the form that its caches have now.
    private func open(_ path: String) throws(PrefixFileError) -> PrefixFile {
        let file = try PrefixFile(path: path)
        guard file.header.space == space else { throw .damaged }
        let header = file.header
        switch header.kind {
        case .pages:
            let pages = (header.ids.count + SequenceLayout.pageTokens - 1) / SequenceLayout.pageTokens
            guard header.pageBytes == layout.pageByteCount, header.checksums.count == pages else { throw .damaged }
        case .state:
            guard header.pageBytes == layout.stateByteCount, header.checksums.count == 1 else { throw .damaged }
        }
        return file
    }

    // MARK: Digests

    private func start(_ adapter: String) -> String { ContentHash(of: "\(space) \(adapter)".utf8).hexadecimal }

    private func digest(_ prefix: String, _ ids: some Sequence<Int32>) -> String {
        var bytes = Array(prefix.utf8)
        for id in ids { withUnsafeBytes(of: id.littleEndian) { bytes += $0 } }
        return ContentHash(of: bytes).hexadecimal
    }

    /// The chunks of a sequence, with the digest of what is before each.
    private func chunks(_ tokens: [Int32], _ adapter: String) -> [(prefix: String, ids: ArraySlice<Int32>)] {
        var prefix = start(adapter)
        return stride(from: 0, to: tokens.count, by: PrefixFileHeader.tokens).map { first in
            let ids = tokens[first...].prefix(PrefixFileHeader.tokens)
            defer { if ids.count == PrefixFileHeader.tokens { prefix = digest(prefix, ids) } }
            return (prefix, ids)
        }
    }

    // MARK: Finding and reading

    /// The longest beginning of some tokens that is on disk.
    struct Match: Sendable {
        fileprivate var entries: [Entry] = []
        /// Tokens; the last file may have more.
        fileprivate(set) var tokens = 0
        /// Where states are, ascending.
        fileprivate var states: [(position: Int, entry: Entry)] = []

        func statePosition(atMost limit: Int) -> Int { states.last { $0.position <= limit }?.position ?? 0 }
    }

    func match(_ tokens: [Int32], adapter: String) -> Match {
        var match = Match()
        var prefix = start(adapter)
        state.withLock { state in
            for first in stride(from: 0, to: tokens.count, by: PrefixFileHeader.tokens) {
                let rest = tokens[first...].prefix(PrefixFileHeader.tokens)
                var best: (entry: Entry, shared: Int)?
                for entry in state.entries[prefix] ?? [] {
                    let shared = zip(entry.ids, rest).prefix { $0 == $1 }.count
                    switch entry.kind {
                    case .pages: if shared > best?.shared ?? 0 { best = (entry, shared) }
                    case .state: if shared == entry.ids.count { match.states.append((first + shared, entry)) }
                    }
                }
                guard let best else { break }
                match.entries.append(best.entry)
                match.tokens += best.shared
                guard best.shared == PrefixFileHeader.tokens else { break }
                prefix = digest(prefix, rest)
            }
        }
        match.states.sort { $0.position < $1.position }
        return match
    }

    /// Marks a match as used, to read from it.
    func use(_ match: Match) { PrefixFileListing.touch(match.entries.map(\.path)) }

    /// One page of a match, on any thread; nil where it turns out to be damaged. No file stays open: there may be
    /// hundreds.
    func readPage(_ index: Int, of match: Match) -> AlignedMemory? {
        let pagesPerFile = PrefixFileHeader.tokens / SequenceLayout.pageTokens
        guard match.entries.indices.contains(index / pagesPerFile) else { return nil }
        let entry = match.entries[index / pagesPerFile]
        return reading(entry.path) { () throws(PrefixFileError) in try open(entry).page(index % pagesPerFile) }
    }

    /// What `read` gets out of a file; nil where it fails. Only damage is a reason to delete the file.
    private func reading<T>(_ path: String, _ read: () throws(PrefixFileError) -> T) -> T? {
        do { return try read() } catch {
            switch error {
            case .missing: forget([path])
            case .unreadable: break
            case .damaged: drop(path)
            }
            return nil
        }
    }

    /// The file of an entry, if it is still what it was.
    private func open(_ entry: Entry) throws(PrefixFileError) -> PrefixFile {
        let file = try open(entry.path)
        guard file.header.ids == entry.ids, file.header.prefix == entry.prefix, file.header.kind == entry.kind else {
            throw .damaged
        }
        return file
    }

    /// The state of a match at a position.
    func readState(_ match: Match, at position: Int) -> AlignedMemory? {
        guard let entry = match.states.last(where: { $0.position == position })?.entry else { return nil }
        guard let state = reading(entry.path, { () throws(PrefixFileError) in try open(entry).page(0) }) else {
            return nil
        }
        PrefixFileListing.touch([entry.path])
        return state
    }

    // MARK: Saving

    /// A sequence to keep: all its pages, and states at some of its positions.
    struct Snapshot: Sendable {
        var tokens: [Int32]
        var adapter: String
        var pages: [AlignedMemory]
        var states: [(position: Int, memory: AlignedMemory)]

        var byteCount: Int {
            pages.reduce(0) { $0 + $1.bytes.count } + states.reduce(0) { $0 + $1.memory.bytes.count }
        }
    }

    /// Writes what of a sequence is not there yet.
    func save(_ snapshot: Snapshot) {
        var wanted: [(header: PrefixFileHeader, pages: [AlignedMemory])] = []
        let pagesPerFile = PrefixFileHeader.tokens / SequenceLayout.pageTokens
        let chunks = chunks(snapshot.tokens, snapshot.adapter)
        for (index, chunk) in chunks.enumerated() {
            let pages = Array(snapshot.pages.dropFirst(index * pagesPerFile).prefix(pagesPerFile))
            if !has(.pages, chunk.prefix, chunk.ids) {
                wanted.append((header(.pages, chunk.prefix, chunk.ids, pages), pages))
            }
            let first = index * PrefixFileHeader.tokens
            for (position, memory) in snapshot.states where (1...chunk.ids.count).contains(position - first) {
                let ids = chunk.ids.prefix(position - first)
                if !has(.state, chunk.prefix, ids) {
                    wanted.append((header(.state, chunk.prefix, ids, [memory]), [memory]))
                }
            }
        }
        touch(chunks)
        guard !wanted.isEmpty, makeRoom(for: wanted.reduce(0) { $0 + $1.header.fileBytes }) else { return }
        defer { touch(chunks) }
        for (header, pages) in wanted {
            let path =
                "\(ownPath)/\(digest(header.prefix + "\(header.kind.rawValue)", header.ids))" + PrefixFileListing.suffix
            guard PrefixFile.write(header, pages, to: path) else { return }
            add(Entry(kind: header.kind, prefix: header.prefix, ids: header.ids, path: path))
            state.withLock { state in
                state.counts.saved += 1
                state.counts.savedBytes += header.fileBytes
            }
            if header.kind == .pages { removeShorter(header) }
        }
    }

    /// Marks the files of a sequence as used: the farther behind, the sooner they may go.
    private func touch(_ chunks: [(prefix: String, ids: ArraySlice<Int32>)]) {
        let paths = state.withLock { state in
            chunks.flatMap { chunk in
                (state.entries[chunk.prefix] ?? []).filter { $0.ids.starts(with: chunk.ids) }.map(\.path)
            }
        }
        PrefixFileListing.touch(paths)
    }

    private func header(
        _ kind: PrefixFileHeader.Kind, _ prefix: String, _ ids: ArraySlice<Int32>, _ pages: [AlignedMemory]
    ) -> PrefixFileHeader {
        PrefixFileHeader(
            kind: kind, space: space, prefix: prefix, ids: Array(ids), pageBytes: pages[0].bytes.count,
            checksums: pages.map { Checksum.of(UnsafeRawBufferPointer($0.bytes)) })
    }

    private func has(_ kind: PrefixFileHeader.Kind, _ prefix: String, _ ids: ArraySlice<Int32>) -> Bool {
        state.withLock { state in
            state.entries[prefix]?.contains { entry in
                entry.kind == kind && (kind == .pages ? entry.ids.starts(with: ids) : entry.ids.elementsEqual(ids))
            } ?? false
        }
    }

    /// Deletes chunks that the one of `header` goes on from.
    private func removeShorter(_ header: PrefixFileHeader) {
        let shorter = state.withLock { state in
            (state.entries[header.prefix] ?? []).filter {
                $0.kind == .pages && $0.ids.count < header.ids.count && header.ids.starts(with: $0.ids)
            }
        }
        guard !shorter.isEmpty else { return }
        forget(Set(shorter.map(\.path)))
        for entry in shorter { PrefixFileListing.remove(entry.path) }
    }

    /// Deletes files of all models until there is room for so many bytes.
    private func makeRoom(for bytes: Int) -> Bool {
        guard bytes <= byteLimit else { return false }
        let listing = PrefixFileListing(folder: path)
        var held = listing.byteCount
        var gone: Set<String> = []
        for file in listing.files {
            guard held + bytes > byteLimit else { break }
            PrefixFileListing.remove(file.path)
            gone.insert(file.path)
            held -= file.byteCount
        }
        if !gone.isEmpty {
            forget(gone)
            state.withLock { $0.counts.evicted += gone.count }
        }
        return true
    }
}
