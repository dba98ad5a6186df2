internal import Tensors

/// How the caches of one sequence lie when they are copied out: the pages of all layers one behind the other, and
/// likewise the states of those that have one.
package struct SequenceLayout: Hashable, Sendable {
    package let layers: [CacheContents]
    /// Bytes of one page of all layers.
    package let pageByteCount: Int
    /// Bytes of the states of all layers; 0 where rows are all there is.
    package let stateByteCount: Int

    /// Tokens of a page.
    package static var pageTokens: Int { KVCache.pageTokens }

    /// - Returns: nil where a layer's cache cannot be copied.
    package init?(_ caches: [any LayerCache]) {
        layers = caches.map(\.contents)
        var (pages, states) = (0, 0)
        for contents in layers {
            switch contents {
            case .pages(let count): pages += count
            case .state(let count): states += count
            case .nothing: return nil
            }
        }
        (pageByteCount, stateByteCount) = (pages, states)
    }

    /// Calls `body` with each layer that has pages and its place in a page.
    private func forEachPaged(_ caches: [any LayerCache], _ body: (any LayerCache, Int) -> Void) {
        var offset = 0
        for (cache, contents) in zip(caches, layers) {
            guard case .pages(let count) = contents else { continue }
            body(cache, offset)
            offset += count
        }
    }

    /// Copies a page of all layers to `bytes`, [pageByteCount].
    package func copyPage(_ index: Int, of caches: [any LayerCache], to bytes: UnsafeMutableRawPointer) {
        forEachPaged(caches) { cache, offset in unsafe cache.copyPage(index, to: bytes + offset) }
    }

    /// Puts a page into the caches of all layers.
    package func setPage(_ index: Int, of caches: [any LayerCache], from bytes: UnsafeRawPointer) {
        forEachPaged(caches) { cache, offset in unsafe cache.setPage(index, from: bytes + offset) }
    }

    /// Copies the states after the last token to `bytes`, [stateByteCount].
    /// - Returns: false where a layer has none just there.
    package func copyState(of caches: [any LayerCache], to bytes: UnsafeMutableRawPointer) -> Bool {
        var offset = 0
        for (cache, contents) in zip(caches, layers) {
            guard case .state(let count) = contents else { continue }
            guard unsafe cache.copyState(to: bytes + offset) else { return false }
            offset += count
        }
        return true
    }

    /// Takes all layers that have states to that after `position` tokens.
    package func setState(of caches: [any LayerCache], from bytes: UnsafeRawPointer, position: Int) {
        var offset = 0
        for (cache, contents) in zip(caches, layers) {
            guard case .state(let count) = contents else { continue }
            unsafe cache.setState(from: bytes + offset, position: position)
            offset += count
        }
    }
}
