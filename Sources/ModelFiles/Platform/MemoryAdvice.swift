#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the operating system may expect of reads in a mapping.
package enum MemoryAdvice: Sendable {
    /// Read ahead now: the pages are wanted soon.
    case willNeed
    /// Front to back, once: read far ahead, drop behind.
    case sequential
    /// No particular order: read ahead only a little.
    case random
    /// Not wanted again soon. Only for mapped files: other memory would lose its content.
    case finished
    /// Back to the default.
    case normal
}

extension UnsafeRawBufferPointer {
    /// Passes `advice` for the pages that this buffer touches. Only a hint: a refusal has no effect and is ignored.
    package func advise(_ advice: MemoryAdvice) {
        guard let baseAddress, count > 0 else { return }
        let pageSize = UInt(sysconf(Int32(_SC_PAGESIZE)))
        let start = UInt(bitPattern: baseAddress) / pageSize * pageSize
        let length = UInt(bitPattern: baseAddress) + UInt(count) - start
        let code: Int32 =
            switch advice {
            case .willNeed: MADV_WILLNEED
            case .sequential: MADV_SEQUENTIAL
            case .random: MADV_RANDOM
            case .finished: MADV_DONTNEED
            case .normal: MADV_NORMAL
            }
        // SAFETY: none of these changes what the pages of a mapped file hold.
        _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: start), Int(length), code)
    }
}
