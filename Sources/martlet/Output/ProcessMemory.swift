import Foundation

/// What this process holds of the machine's memory.
enum ProcessMemory {
    /// The most bytes that were resident at a time, pages of mapped files included.
    static var residentBytes: Int {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss * 1024  // Linux counts in KiB.
        #endif
    }
}
