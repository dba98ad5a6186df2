/// How the attention of one layer is cut into tasks: KV heads x tiles of tokens x ranges of keys.
struct AttentionPlan {
    /// Query heads that share a KV head.
    let group: Int
    let keyDim: Int
    let valueDim: Int
    let tokens: Int
    let tileTokens: Int
    /// Query rows of a full tile.
    let tileRows: Int
    let keysPerRange: Int
    let keyRanges: Int
    private let heads: Int
    private let position: Int
    /// Keys that a token sees, itself included.
    private let window: Int
    private let isCausal: Bool
    /// Where the ranges of a few tokens begin: keys before it are out of every window.
    private let origin: Int

    private static let wantedRows = 48
    private static let keyRange = 256

    init(_ input: AttentionInput, _ cache: KVCache) {
        group = unsafe input.queries.heads / cache.shape.heads
        keyDim = cache.shape.paddedKeyDim
        valueDim = cache.shape.paddedValueDim
        tokens = unsafe input.tokens
        heads = cache.shape.heads
        position = unsafe input.position
        window = unsafe input.window ?? .max
        isCausal = unsafe input.isCausal
        let keys = unsafe input.position + input.tokens
        tileTokens = unsafe min(input.tokens, max(1, Self.wantedRows / group))
        tileRows = tileTokens * group
        let tiles = (tokens + tileTokens - 1) / tileTokens
        // Enough tiles keep every thread busy without cutting the keys.
        let uncut = tiles * heads >= 16
        origin = unsafe uncut ? 0 : max(0, input.position + 1 - min(window, input.position + 1)) / 32 * 32
        keysPerRange = uncut ? (keys + 31) / 32 * 32 : Self.keyRange
        keyRanges = (keys - origin + keysPerRange - 1) / keysPerRange
    }

    var taskCount: Int { heads * ((tokens + tileTokens - 1) / tileTokens) * keyRanges }

    /// Floats of a task's result: maxima, sums, weighted values.
    var partialStride: Int { tileRows * (valueDim + 2) }

    /// Queries, first keys, limits, and the kernel's own scratch.
    var scratchFloats: Int { tileRows * (keyDim + 2) + 32 * max(keyDim, valueDim) + tileRows * 128 + 64 }

    func firstTask(head: Int, token: Int) -> Int {
        ((head * ((tokens + tileTokens - 1) / tileTokens)) + token / tileTokens) * keyRanges
    }

    /// The first key that `token` sees.
    func firstKey(of token: Int) -> Int { position + token + 1 - min(window, position + token + 1) }

    func part(_ task: Int) -> (head: Int, tokens: Range<Int>, keys: Range<Int>) {
        let tiles = (tokens + tileTokens - 1) / tileTokens
        let range = task % keyRanges
        let tile = task / keyRanges % tiles
        let first = tile * tileTokens
        let last = min(tokens, first + tileTokens)
        let visible = position + (isCausal ? last : tokens)
        let start = origin + range * keysPerRange
        let end = max(start, min(start + keysPerRange, visible))
        // Whole blocks that no token of the tile sees are left out.
        return (task / keyRanges / tiles, first..<last, min(end, max(start, firstKey(of: first) / 32 * 32))..<end)
    }
}
