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
