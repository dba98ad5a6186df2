package import Tensors

/// What one layer remembers of a sequence.
package protocol LayerCache: AnyObject {
    /// Forgets the tokens from `position` on.
    /// - Returns: how many it holds then: fewer than `position` where its state cannot go back that far.
    func truncate(to position: Int) -> Int

    /// After a pass of at most so many tokens it can go back to any of them.
    var revocableTokens: Int { get }

    /// What can be copied out of it and into another cache of the same layer.
    var contents: CacheContents { get }

    /// Copies the rows of tokens [32 * index, 32 * (index + 1)) out or in; where `contents` are pages.
    func copyPage(_ index: Int, to bytes: UnsafeMutableRawPointer)
    func setPage(_ index: Int, from bytes: UnsafeRawPointer)

    /// Copies the state after the last token out; where `contents` are a state.
    /// - Returns: false where there is none just there.
    func copyState(to bytes: UnsafeMutableRawPointer) -> Bool
    /// Takes over the state after `position` tokens.
    func setState(from bytes: UnsafeRawPointer, position: Int)
}

/// What can be copied out of a layer's cache.
package enum CacheContents: Hashable, Sendable {
    /// Rows by pages of `KVCache.pageTokens` tokens, of so many bytes each.
    case pages(byteCount: Int)
    /// The state after the last token, of so many bytes.
    case state(byteCount: Int)
    /// Nothing: who goes on here has to read from the beginning.
    case nothing
}

extension LayerCache {
    package var revocableTokens: Int { .max }
    package var contents: CacheContents { .nothing }
    package func copyPage(_ index: Int, to bytes: UnsafeMutableRawPointer) {}
    package func setPage(_ index: Int, from bytes: UnsafeRawPointer) {}
    package func copyState(to bytes: UnsafeMutableRawPointer) -> Bool { false }
    package func setState(from bytes: UnsafeRawPointer, position: Int) {}
}

extension [any LayerCache] {
    /// After a pass of at most so many tokens all of them can go back to any of these.
    package var revocableTokens: Int { reduce(.max) { Swift.min($0, $1.revocableTokens) } }

    /// Takes the caches of one sequence back to `position`, or as far before as all of them can go.
    /// - Returns: where they are then.
    package func truncate(to position: Int) -> Int {
        // One that goes back farther takes the others along, which may not have a state just there either.
        var (held, wanted) = (position, position)
        repeat {
            wanted = held
            for cache in self { held = Swift.min(held, cache.truncate(to: held)) }
        } while held < wanted
        return held
    }
}

extension KVCache: LayerCache {
    package func truncate(to position: Int) -> Int { position }
    package var contents: CacheContents { .pages(byteCount: pageByteCount) }
}
