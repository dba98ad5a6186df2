/// Parts of a cache as they are stored, to be copied out and into another cache of the same shape and type.
extension KVCache {
    /// Tokens of a page: those whose keys lie in one block.
    package static let pageTokens = 32

    package var pageByteCount: Int { shape.byteCount(capacity: Self.pageTokens, type: type) }

    /// Copies the rows of tokens [32 * index, 32 * (index + 1)) to `bytes`, [pageByteCount].
    package func copyPage(_ index: Int, to bytes: UnsafeMutableRawPointer) {
        var place = unsafe bytes
        unsafe forEachPart(ofPage: index) { part, count in
            unsafe place.copyMemory(from: part, byteCount: count)
            unsafe place += count
        }
    }

    /// Puts rows in the place of tokens [32 * index, 32 * (index + 1)).
    package func setPage(_ index: Int, from bytes: UnsafeRawPointer) {
        var place = unsafe bytes
        unsafe forEachPart(ofPage: index) { part, count in
            unsafe part.copyMemory(from: place, byteCount: count)
            unsafe place += count
        }
    }

    /// The runs of bytes that make up a page: for each head keys, their scales, values, their scales.
    private func forEachPart(ofPage index: Int, _ body: (UnsafeMutableRawPointer, Int) -> Void) {
        precondition(index >= 0 && (index + 1) * Self.pageTokens <= capacity, "a page lies within the cache")
        let codeBytes = type == .q8_0 ? 1 : type.rowBytes(dim: 1)
        func visit(_ codes: UnsafeMutableRawPointer, _ scales: UnsafeMutablePointer<UInt16>?, dim: Int) {
            guard dim > 0 else { return }
            let count = Self.pageTokens * dim
            unsafe body(codes + index * count * codeBytes, count * codeBytes)
            // One scale for 32 elements.
            guard let scales = unsafe scales else { return }
            unsafe body(UnsafeMutableRawPointer(scales + index * dim), dim * MemoryLayout<UInt16>.stride)
        }
        for index in 0..<shape.heads {
            let head = unsafe head(index)
            if let keys = unsafe head.keys { unsafe visit(keys, head.keyScales, dim: shape.paddedKeyDim) }
            unsafe visit(head.values, head.valueScales, dim: head.stride)
        }
    }
}
