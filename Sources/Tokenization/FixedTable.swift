/// Memory that is filled once and then only read, so that hot loops index a plain pointer.
///
/// `@unchecked`: nothing writes after `init`, and readers keep the table alive by holding it.
final class FixedTable<Element: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafePointer<Element>
    let count: Int

    convenience init(_ elements: [Element]) {
        self.init(count: elements.count) { memory in
            _ = memory.initialize(from: elements)
        }
    }

    /// Lets `fill` initialise all `count` elements.
    init<E: Error>(count: Int, fill: (UnsafeMutableBufferPointer<Element>) throws(E) -> Void) throws(E) {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(count, 1))
        base = UnsafePointer(memory.baseAddress.unsafelyUnwrapped)
        self.count = count
        // A throw runs `deinit`, which frees the memory; elements are trivial.
        try fill(UnsafeMutableBufferPointer(rebasing: memory[..<count]))
    }

    deinit { base.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Element {
        assert(index >= 0 && index < count)
        return base[index]
    }
}
