internal import Architectures
internal import ModelFiles
internal import Synchronization
internal import Tensors

/// What prompts and answers left behind, apart from the slots of an engine: in memory, and on disk.
///
/// A slot holds one sequence until another takes it. What it held is copied here page by page while it is read, and into
/// any slot whose prompt begins likewise and is read with the same adapters. The memory may be shared with caches of other
/// models, and outlive this one. To be used on the engine's thread; counters may be asked for on any.
/// See Docs/Decisions/0017-prefix-cache.md.
package final class PrefixCache {
    private let engine: BatchEngine
    private let layout: SequenceLayout
    private let memory: PrefixMemory
    /// What the keys of this model begin with in memory.
    private let space: String
    private let folder: PrefixFolder?
    private let writer: PrefixWriter?
    /// Counters and the end of writing, for other threads.
    package let monitor: PrefixCacheMonitor

    private var hasStates: Bool { layout.stateByteCount > 0 }

    /// Reading this many tokens again is cheaper than fetching them from disk.
    private static let fewestDiskTokens = 16

    /// - Returns: nil where nothing is to be kept, or where the layers of the model keep what cannot be copied.
    package init?(_ engine: BatchEngine, _ options: PrefixCacheOptions, _ session: SessionOptions) {
        let model = engine.model
        // Weights count as free: they lie in the files' cache.
        let needed =
            model.source.fileByteCount
            + Session.memoryNeeded(model, context: engine.capacity, kv: session.kv, sequences: engine.slotCount)
        memory =
            options.shared
            ?? PrefixMemory(byteLimit: options.memoryLimit(free: Machine.availableMemory.map { $0 - needed }))
        guard memory.byteLimit > 0, let layout = engine.layout, layout.pageByteCount > 0 else { return nil }
        (self.engine, self.layout) = (engine, layout)
        let space = session.prefixSpace(of: model, layout)
        self.space = space.hexadecimal + " "
        folder =
            options.disk > 0
            ? options.folder.flatMap { path in
                PrefixFolder(path: path, byteLimit: options.disk, space: space, layout: layout)
            } : nil
        // What waits to be written stays in memory, also when the tree has no room for it any more.
        let byteLimit = memory.byteLimit / 4
        writer = folder.map { PrefixWriter($0, byteLimit: byteLimit) }
        monitor = PrefixCacheMonitor(memory, space: self.space, folder, writer)
    }

    deinit { writer?.close() }

    private func key(_ adapter: String) -> String { space + adapter }

    // MARK: Out of the cache

    /// Brings a slot, which holds a beginning of `prompt` or nothing, as near to its end as the cache can.
    /// - Parameters:
    ///   - bytes: to copy at most, from disk an eighth of that; only sequences with recurrent states, which serve
    ///     where they are whole, are copied at once.
    ///   - isMore: whether an earlier call brought a part.
    /// - Returns: how many tokens the slot holds then; at least the last one is left to evaluate.
    package func fill(_ slot: Int, for prompt: [Int32], bytes: Int = .max, isMore: Bool = false) -> Int {
        let adapter = engine.adapters(of: slot).key
        let held = engine.position(of: slot)
        let limit = prompt.count - 1
        let match = memory.match(prompt, key: key(adapter))
        let disk = folder?.match(prompt, adapter: adapter)
        let inMemory = hasStates ? match.state(atMost: limit)?.position ?? 0 : min(match.tokens, limit)
        let onDisk = disk.map { disk in
            hasStates ? disk.statePosition(atMost: min(limit, max(match.tokens, disk.tokens))) : min(disk.tokens, limit)
        }
        func end(_ position: Int, _ bytes: Int) -> Int {
            let part = max(1, bytes / layout.pageByteCount) * SequenceLayout.pageTokens
            // A remainder that is not worth another part goes along.
            guard !hasStates, position - held > part + Self.fewestDiskTokens else { return position }
            return held + part - (held + part) % SequenceLayout.pageTokens
        }
        var source = Source.slot
        if let disk, let onDisk, onDisk >= max(held, inMemory) + Self.fewestDiskTokens,
            load(disk, upTo: end(onDisk, bytes / 8), match, into: slot, prompt, adapter)
        {
            source = .disk
        } else if inMemory > held {
            let end = end(inMemory, bytes)
            copy(prompt[..<end], into: slot, state: match.state(atMost: end)?.memory) { match.pages[$0] }
            source = .memory
        }
        memory.use(Array(prompt.prefix(engine.position(of: slot))), key: key(adapter))
        note(source, held: held, now: engine.position(of: slot), prompt: prompt.count, isMore: isMore)
        return engine.position(of: slot)
    }

    /// Copies pages into a slot behind those that it holds, as far as there are any without a gap.
    /// - Returns: the pages.
    @discardableResult
    private func copy(
        _ tokens: ArraySlice<Int32>, into slot: Int, state: AlignedMemory?, page: (Int) -> AlignedMemory?
    ) -> [AlignedMemory] {
        let size = SequenceLayout.pageTokens
        let first = engine.position(of: slot) / size
        let last = (tokens.count + size - 1) / size
        let pages = engine.setPages(first..<last, of: slot, layout, page: page)
        let reached = pages.count == last - first ? tokens.count : (first + pages.count) * size
        if reached == tokens.count {
            engine.hold(Array(tokens), in: slot, state: hasStates ? state : nil, layout)
        } else if !hasStates, reached > engine.position(of: slot) {
            engine.hold(Array(tokens.prefix(reached)), in: slot, state: nil, layout)
        }
        return pages
    }

    /// Brings what is on disk into a slot, and into memory.
    /// - Returns: whether the slot holds more than before.
    private func load(
        _ disk: PrefixFolder.Match, upTo end: Int, _ match: PrefixMemory.Match, into slot: Int,
        _ prompt: [Int32], _ adapter: String
    ) -> Bool {
        guard let folder else { return false }
        var state: AlignedMemory?
        if hasStates {
            state = folder.readState(disk, at: end)
            guard state != nil else { return false }
        }
        let size = SequenceLayout.pageTokens
        let held = engine.position(of: slot)
        let first = held / size
        folder.use(disk)
        let pages = copy(prompt[..<end], into: slot, state: state) { index in
            // The prompt's rows of a page, all of them: the rest of the last one may be of another text.
            let wanted = min((index + 1) * size, end)
            if wanted <= match.tokens { return match.pages[index] }
            return wanted <= disk.tokens ? folder.readPage(index, of: disk) : nil
        }
        let reached = engine.position(of: slot)
        guard reached > held else { return false }
        let tokens = Array(prompt.prefix(reached))
        memory.insert(tokens, key: key(adapter), pageBytes: layout.pageByteCount) { index in
            pages.indices.contains(index - first) ? pages[index - first] : nil
        }
        if let state {
            memory.insertState(after: tokens, key: key(adapter), bytes: layout.stateByteCount) { state }
        }
        return true
    }

    // MARK: Into the cache

    /// When a slot is looked at.
    package enum Moment: Hashable, Sendable {
        /// Some of the prompt has been read.
        case reading
        /// All of the prompt has been read.
        case read
        /// The answer has come to its end: what the slot holds goes to disk, too.
        case done
    }

    /// Keeps what a slot holds. Copies only what is not kept yet.
    package func keep(_ slot: Int, _ moment: Moment) {
        let adapter = engine.adapters(of: slot).key
        var tokens = engine.tokens(of: slot)
        let isEnd = moment == .done || (moment == .read && hasStates)
        if !isEnd { tokens.removeLast(tokens.count % SequenceLayout.pageTokens) }
        guard !tokens.isEmpty else { return }
        memory.insert(tokens, key: key(adapter), pageBytes: layout.pageByteCount) {
            engine.copyPage($0, of: slot, layout)
        }
        if isEnd, hasStates {
            memory.insertState(after: tokens, key: key(adapter), bytes: layout.stateByteCount) {
                engine.copyState(of: slot, layout)
            }
        }
        if moment == .done { save(tokens, adapter) }
    }

    /// Queues for the disk what is worth a file of its own.
    private func save(_ tokens: [Int32], _ adapter: String) {
        guard let writer, tokens.count >= PrefixFileHeader.tokens else { return }
        let match = memory.match(tokens, key: key(adapter))
        writer.post(
            PrefixFolder.Snapshot(
                tokens: Array(tokens.prefix(match.tokens)), adapter: adapter, pages: match.pages, states: match.states))
    }

    /// What brought a slot as far as it got.
    private enum Source { case slot, memory, disk }

    private func note(_ source: Source, held: Int, now: Int, prompt: Int, isMore: Bool) {
        monitor.update { totals in
            if !isMore {
                totals.prompts += 1
                totals.promptTokens += prompt
                if now > 0 { totals.helpedPrompts += 1 }
                totals.slotTokens += held
                if held > 0 { totals.slotHits += 1 }
            }
            switch source {
            case .slot: break
            case .memory:
                totals.memoryTokens += now - held
                if !isMore { totals.memoryHits += 1 }
            case .disk:
                totals.diskTokens += now - held
                if !isMore { totals.diskHits += 1 }
            }
        }
    }
}

/// What other threads may see of a prefix cache.
package final class PrefixCacheMonitor: Sendable {
    private let totals = Mutex(PrefixCacheCounters())
    private let memory: PrefixMemory
    private let space: String
    private let folder: PrefixFolder?
    private let writer: PrefixWriter?

    init(_ memory: PrefixMemory, space: String, _ folder: PrefixFolder?, _ writer: PrefixWriter?) {
        (self.memory, self.space) = (memory, space)
        (self.folder, self.writer) = (folder, writer)
    }

    func update(_ body: (inout PrefixCacheCounters) -> Void) { totals.withLock { body(&$0) } }

    package var counters: PrefixCacheCounters {
        var counters = totals.withLock { $0 }
        (counters.memoryBytes, counters.memoryLimit) = (memoryBytes, memory.byteLimit)
        counters.evictedPages = memory.evictions
        guard let disk = folder?.counts else { return counters }
        (counters.diskFiles, counters.savedFiles, counters.savedBytes) = (disk.files, disk.saved, disk.savedBytes)
        (counters.evictedFiles, counters.damagedFiles) = (disk.evicted, disk.damaged)
        return counters
    }

    /// Bytes in memory, also when the cache itself is gone.
    package var memoryBytes: Int { memory.byteCount(keysWith: space) }

    /// Waits until everything is on disk that is to go there.
    package func flush() { writer?.flush() }
}
