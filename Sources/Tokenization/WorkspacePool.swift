import Synchronization

/// What encoding one text needs besides the text: kept between calls for its memory and its cache.
struct Workspace: ~Copyable {
    var output = ScratchBuffer<TokenID>()
    var merger = BytePairMerger()
    var cache = WordCache()
}

/// Workspaces that no call is using.
final class WorkspacePool: Sendable {
    /// `@unchecked`: the pool hands a box to one caller at a time.
    final class Box: @unchecked Sendable {
        var workspace = Workspace()
    }

    private static let mostKept = 8
    private let free = Mutex<[Box]>([])

    func withWorkspace<Result: ~Copyable>(_ body: (inout Workspace) -> Result) -> Result {
        let box = free.withLock { $0.popLast() } ?? Box()
        let result = body(&box.workspace)
        box.workspace.output.removeAll()
        free.withLock { if $0.count < Self.mostKept { $0.append(box) } }
        return result
    }
}
