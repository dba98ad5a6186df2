#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Decides when the pool's workers hold the caller up more than they help.
///
/// On an idle machine the caller waits for the others about as long as one chunk takes. A worker that shares its core
/// with another process is off it for a scheduler's time slice (milliseconds) now and then, and the caller waits that
/// long. When such waits pass a fifth of the time, workers rest, for longer each time it happens in a row.
struct ContentionMeter {
    private var windowStart: UInt64 = 0
    private var lost: UInt64 = 0
    private var restUntil: UInt64 = 0
    private var rest: UInt64 = shortestRest

    private static let shortestRest: UInt64 = 40_000_000
    private static let longestRest: UInt64 = 640_000_000
    private static let window: UInt64 = 4_000_000
    private static let calm: UInt64 = 200_000_000

    /// Monotonic time in nanoseconds.
    func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Whether the caller should run alone now.
    mutating func isResting() -> Bool {
        guard restUntil != 0 else { return false }
        let time = now()
        guard time >= restUntil else { return true }
        restUntil = 0
        windowStart = time
        lost = 0
        return false
    }

    /// Takes note of one run: nanoseconds that the caller spent on its own `chunks`, and then waiting.
    mutating func record(worked: UInt64, waited: UInt64, chunks: Int) {
        let chunkTime = worked / UInt64(max(1, chunks))
        // Up to two chunks of waiting is the natural end of a run.
        guard waited > 100_000 + 2 * chunkTime else { return }
        let time = now()
        if time - windowStart > Self.calm {
            rest = Self.shortestRest
            windowStart = time - waited - worked
            lost = 0
        }
        lost += waited
        let elapsed = time - windowStart
        guard elapsed >= Self.window, lost > elapsed / 5 else { return }
        restUntil = time + rest
        rest = min(rest * 2, Self.longestRest)
    }
}
