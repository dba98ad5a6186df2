#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension [UInt8] {
    /// Whether the bytes stand in these, one after the other; none do everywhere.
    package func holds(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, count >= wanted.count else { return wanted.isEmpty }
        return unsafe withUnsafeBytes { text in
            unsafe wanted.withUnsafeBytes { wanted in
                guard var place = text.baseAddress, let start = wanted.baseAddress else { return false }
                // SAFETY: from everywhere before `end` as many bytes as are wanted are still text.
                let end = unsafe place + (text.count - wanted.count + 1)
                while unsafe place < end, let found = unsafe memchr(place, Int32(first), end - place) {
                    if unsafe memcmp(found, start, wanted.count) == 0 { return true }
                    unsafe place = UnsafeRawPointer(found) + 1
                }
                return false
            }
        }
    }
}
