import Synchronization

/// What encoding one text needs besides the text: kept between calls for its memory and its cache.
struct Workspace: ~Copyable, WordSink {
    let model: TokenModel
    var output = ScratchBuffer<TokenID>()
    private var merger = BytePairMerger()
    private var cache = WordCache()

    init(model: TokenModel) { self.model = model }

    /// Whether the memory is worth holding for the next text: a megabyte without a space takes 30.
    var isSmall: Bool { output.capacity <= 1 << 20 && merger.capacity <= 1 << 16 }

    /// Encodes a word and appends its tokens to `output`.
    @inline(__always)
    mutating func add(_ word: UnsafePointer<UInt8>, length: Int, readable: Int) {
        guard length <= WordCache.longestWord else {
            encode(word, length)
            return
        }
        let single = model.vocabulary.byteTokens[Int(word[0])]
        if length == 1, single >= 0 {
            output.append(single)
            return
        }
        let key = WordCache.Key(word, length: length, readable: readable)
        if cache.append(key, to: &output) { return }
        let before = output.count
        encode(word, length)
        cache.insert(key, UnsafeBufferPointer(start: output.base + before, count: output.count - before))
    }

    @inline(never)
    private mutating func encode(_ word: UnsafePointer<UInt8>, _ length: Int) {
        model.encode(UnsafeBufferPointer(start: word, count: length), merger: &merger, into: &output)
    }
}

/// Workspaces that no call is using.
final class WorkspacePool: Sendable {
    /// `@unchecked`: the pool hands a box to one caller at a time.
    private final class Box: @unchecked Sendable {
        var workspace: Workspace
        init(model: TokenModel) { workspace = Workspace(model: model) }
    }

    private static let mostKept = 4
    private let model: TokenModel
    private let free = Mutex<[Box]>([])

    init(model: TokenModel) { self.model = model }

    func withWorkspace<Result: ~Copyable>(_ body: (inout Workspace) -> Result) -> Result {
        let box = free.withLock { $0.popLast() } ?? Box(model: model)
        let result = body(&box.workspace)
        box.workspace.output.removeAll()
        guard box.workspace.isSmall else { return result }
        free.withLock { if $0.count < Self.mostKept { $0.append(box) } }
        return result
    }
}
