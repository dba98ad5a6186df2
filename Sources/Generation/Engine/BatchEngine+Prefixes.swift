internal import Architectures
internal import Tensors

/// What slots hold, copied out and in.
extension BatchEngine {
    /// How a slot's caches lie when they are copied out; nil where that cannot be done.
    var layout: SequenceLayout? { SequenceLayout(slots[0].caches) }

    /// Copies the rows of tokens [32 * index, 32 * (index + 1)) of a slot; nil when the system refuses the memory.
    func copyPage(_ index: Int, of slot: Int, _ layout: SequenceLayout) -> AlignedMemory? {
        guard let memory = AlignedMemory(byteCount: layout.pageByteCount) else { return nil }
        layout.copyPage(index, of: slots[slot].caches, to: memory.bytes.baseAddress!)
        return memory
    }

    /// Copies the states after the last token of a slot; nil where a layer has none just there.
    func copyState(of slot: Int, _ layout: SequenceLayout) -> AlignedMemory? {
        guard let memory = AlignedMemory(byteCount: layout.stateByteCount),
            layout.copyState(of: slots[slot].caches, to: memory.bytes.baseAddress!)
        else { return nil }
        return memory
    }

    /// Puts pages into a slot, on all threads.
    /// - Parameter page: gives the page of an index, on any thread; nil where there is none.
    /// - Returns: the pages of `range` up to the first that there was none for.
    func setPages(
        _ range: Range<Int>, of slot: Int, _ layout: SequenceLayout, page: (Int) -> AlignedMemory?
    ) -> [AlignedMemory] {
        let caches = slots[slot].caches
        var pages = [AlignedMemory?](repeating: nil, count: range.count)
        pages.withUnsafeMutableBufferPointer { pages in
            compute.pool.run(range.count) { place, _ in
                let index = range.lowerBound + place
                guard let found = page(index) else { return }
                layout.setPage(index, of: caches, from: UnsafeRawPointer(found.bytes.baseAddress!))
                pages[place] = found
            }
        }
        return Array(pages.prefix { $0 != nil }.compactMap { $0 })
    }

    /// Lets a slot hold `tokens`, whose pages it has got, and where layers have states that after the last of them.
    func hold(_ tokens: [Int32], in slot: Int, state: AlignedMemory?, _ layout: SequenceLayout) {
        if let state {
            layout.setState(
                of: slots[slot].caches, from: UnsafeRawPointer(state.bytes.baseAddress!), position: tokens.count)
        }
        slots[slot].tokens = tokens
    }
}
