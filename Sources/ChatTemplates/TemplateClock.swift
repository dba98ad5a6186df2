#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Tells templates the time, for `strftime_now`.
package struct TemplateClock: Sendable {
    /// Seconds since 1970, UTC.
    package var now: @Sendable () -> Int

    package init(now: @escaping @Sendable () -> Int) {
        self.now = now
    }

    /// The machine's clock.
    package static let system = TemplateClock { time(nil) }

    /// The local time under C's `strftime`; microseconds and the zone are left out, as Python's naive datetime does.
    func formatted(_ format: Text) -> Text {
        var seconds = time_t(now())
        var local = tm()
        localtime_r(&seconds, &local)
        var result: [UInt8] = []
        var index = 0
        // One directive at a time, since `strftime` returns 0 for both an empty result and one that does not fit.
        while index < format.bytes.count {
            guard format.bytes[index] == UInt8(ascii: "%"), index + 1 < format.bytes.count else {
                result.append(format.bytes[index])
                index += 1
                continue
            }
            var end = index + 1
            while end < format.bytes.count - 1, [0x2D, 0x5F, 0x5E, 0x23, 0x30, 0x45, 0x4F].contains(format.bytes[end]) {
                end += 1
            }
            switch format.bytes[end] {
            case UInt8(ascii: "f"): result += "000000".utf8
            case UInt8(ascii: "z"), UInt8(ascii: "Z"): break
            default:
                var buffer = [CChar](repeating: 0, count: 256)
                let directive = format.bytes[index...end].map { CChar(bitPattern: $0) } + [0]
                let written = strftime(&buffer, buffer.count, directive, &local)
                result += buffer[..<written].map { UInt8(bitPattern: $0) }
            }
            index = end + 1
        }
        return Text(String(decoding: result, as: UTF8.self))
    }
}
