#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Zeroed memory of the operating system's, page-aligned; pages take up room only once they are written.
@safe
package final class AlignedMemory: @unchecked Sendable {
    // Unchecked: the owner decides who writes where; this class only frees.
    package let bytes: UnsafeMutableRawBufferPointer

    /// Reserves `byteCount` bytes; nil when the system refuses.
    /// - Parameter hugePages: for memory that is filled at once. Sparse use of huge pages would cost their whole size.
    package init?(byteCount: Int, hugePages: Bool = false) {
        let size = max(byteCount, 1)
        let flags = MAP_PRIVATE | MAP_ANON
        guard let start = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe start != MAP_FAILED
        else { return nil }
        #if os(Linux)
            if hugePages, size >= 4 << 20 { unsafe madvise(start, size, MADV_HUGEPAGE) }
        #endif
        unsafe bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
    }

    deinit { unsafe munmap(bytes.baseAddress!, bytes.count) }

    package func floats(at byteOffset: Int = 0) -> UnsafeMutablePointer<Float> {
        unsafe (bytes.baseAddress! + byteOffset).assumingMemoryBound(to: Float.self)
    }
}

/// A growable array of floats for intermediate results; growing discards the content.
package final class FloatBuffer {
    private var memory: AlignedMemory
    package private(set) var capacity: Int

    package init(capacity: Int = 1024) {
        self.capacity = capacity
        memory = Self.reserve(capacity)
    }

    package var pointer: UnsafeMutablePointer<Float> { unsafe memory.floats() }

    package func reserve(_ count: Int) {
        guard count > capacity else { return }
        memory = Self.reserve(count)
        capacity = count
    }

    private static func reserve(_ count: Int) -> AlignedMemory {
        guard let memory = AlignedMemory(byteCount: count * MemoryLayout<Float>.stride, hugePages: true) else {
            fatalError("the system refused \(count * 4) bytes for intermediate results")
        }
        return memory
    }
}
