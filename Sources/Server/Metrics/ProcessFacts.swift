import Foundation

/// What this process takes of the machine now.
struct ProcessFacts: Sendable {
    /// Seconds since 1970.
    let started: Double
    private let clockStart = ContinuousClock.now

    init() { started = Date().timeIntervalSince1970 }

    var uptimeSeconds: Double { (ContinuousClock.now - clockStart) / .seconds(1) }

    /// Seconds of processor time.
    var processorSeconds: Double {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// Bytes of memory that are resident, pages of mapped files included; nil where the system does not tell.
    var residentBytes: Int? {
        #if os(Linux)
            guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
            let fields = text.split(separator: " ")
            guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        #else
            return nil
        #endif
    }
}
