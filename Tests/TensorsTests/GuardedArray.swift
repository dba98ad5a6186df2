#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An array whose last byte is followed by an inaccessible page: touching anything past its end crashes the test.
final class GuardedArray<Element: BitwiseCopyable> {
    let pointer: UnsafeMutablePointer<Element>
    let count: Int
    private let start: UnsafeMutableRawPointer
    private let mappedBytes: Int

    /// Elements start as zero bytes.
    init(count: Int) {
        self.count = count
        let page = Int(getpagesize())
        let bytes = count * MemoryLayout<Element>.stride
        let accessible = (bytes + page - 1) / page * page
        mappedBytes = accessible + page
        start = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)!
        precondition(start != MAP_FAILED && mprotect(start + accessible, page, PROT_NONE) == 0)
        pointer = (start + accessible - bytes).bindMemory(to: Element.self, capacity: max(count, 1))
    }

    convenience init(_ values: [Element]) {
        self.init(count: values.count)
        values.withUnsafeBufferPointer { pointer.update(from: $0.baseAddress!, count: $0.count) }
    }

    deinit { munmap(start, mappedBytes) }

    subscript(index: Int) -> Element {
        get { pointer[index] }
        set { pointer[index] = newValue }
    }

    var values: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
