#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

func exponential(_ x: Float) -> Float { expf(x) }

/// How the attention of one layer is cut into tasks: KV heads x tiles of tokens x ranges of keys.
struct AttentionPlan {
    /// Query heads that share a KV head.
    let group: Int
    let dim: Int
    let tokens: Int
    let tileTokens: Int
    /// Query rows of a full tile.
    let tileRows: Int
    let keys: Int
    let keysPerRange: Int
    let keyRanges: Int
    private let heads: Int
    private let position: Int

    private static let wantedRows = 48
    private static let keyRange = 256

    init(_ input: AttentionInput, _ cache: KVCache) {
        group = unsafe input.queryHeads / cache.heads
        dim = cache.dim
        tokens = unsafe input.tokens
        heads = cache.heads
        position = unsafe input.position
        keys = unsafe input.position + input.tokens
        tileTokens = unsafe min(input.tokens, max(1, Self.wantedRows / group))
        tileRows = tileTokens * group
        let tiles = (tokens + tileTokens - 1) / tileTokens
        // Enough tiles keep every thread busy without cutting the keys.
        keysPerRange = tiles * heads >= 16 ? (keys + 31) / 32 * 32 : Self.keyRange
        keyRanges = (keys + keysPerRange - 1) / keysPerRange
    }

    var taskCount: Int { heads * ((tokens + tileTokens - 1) / tileTokens) * keyRanges }

    /// Floats of a task's result: maxima, sums, weighted values.
    var partialStride: Int { tileRows * (dim + 2) }

    /// Queries, limits, and the kernel's own scratch.
    var scratchFloats: Int { tileRows * (dim + 1) + 32 * dim + tileRows * 128 + 64 }

    func firstTask(head: Int, token: Int) -> Int {
        ((head * ((tokens + tileTokens - 1) / tileTokens)) + token / tileTokens) * keyRanges
    }

    func part(_ task: Int) -> (head: Int, tokens: Range<Int>, keys: Range<Int>) {
        let tiles = (tokens + tileTokens - 1) / tileTokens
        let range = task % keyRanges
        let tile = task / keyRanges % tiles
        let first = tile * tileTokens
        let last = min(tokens, first + tileTokens)
        let visible = position + last
        let start = range * keysPerRange
        return (task / keyRanges / tiles, first..<last, start..<max(start, min(start + keysPerRange, visible)))
    }
}
