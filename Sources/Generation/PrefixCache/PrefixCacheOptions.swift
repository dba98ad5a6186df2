/// How much of what prefixes left behind is kept, and where.
package struct PrefixCacheOptions: Sendable {
    /// Bytes of memory; nil takes a quarter of what is free beside the model and its slots; 0 keeps nothing.
    package var memory: Int?
    /// Memory that caches of several models share; with it `memory` does not count.
    package var shared: PrefixMemory?
    /// Folder on disk; nil for none.
    package var folder: String?
    /// Bytes on disk, of all models together; 0 keeps nothing there.
    package var disk = 4 << 30

    package init() {}

    /// Bytes of memory to keep, when so much is free; unknown where the system does not tell.
    func memoryLimit(free: Int?) -> Int {
        if let memory { return max(0, memory) }
        return free.map { max(0, $0 / 4) } ?? 1 << 30
    }
}

/// What a prefix cache did so far.
package struct PrefixCacheCounters: Hashable, Sendable {
    /// Prompts that got a slot, and their tokens.
    package var prompts = 0
    /// Those of them that did not have to be read from their first token on.
    package var helpedPrompts = 0
    package var promptTokens = 0
    /// Tokens of them that were not read again because the slot, the memory or the disk had them, and how many prompts
    /// gained by each.
    package var slotTokens = 0
    package var memoryTokens = 0
    package var diskTokens = 0
    package var slotHits = 0
    package var memoryHits = 0
    package var diskHits = 0
    /// Bytes in memory now; those that may be there and pages that gave way, of all models that share it.
    package var memoryBytes = 0
    package var memoryLimit = 0
    package var evictedPages = 0
    /// Files of this model on disk now; files written, their bytes, files that gave way and files that were damaged.
    package var diskFiles = 0
    package var savedFiles = 0
    package var savedBytes = 0
    package var evictedFiles = 0
    package var damagedFiles = 0

    package init() {}
}
