internal import CPlatform

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What this process may use of the machine.
package enum Machine {
    /// Cores that the scheduler lets this process run on.
    package static var usableCores: Int {
        #if os(Linux)
            let allowed = Int(mp_usable_cores())
            if allowed > 0 { return min(allowed, controlGroupCores ?? allowed) }
        #endif
        return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    #if os(Linux)
        /// Whole cores that the control group grants, where it sets a limit.
        private static var controlGroupCores: Int? {
            if let text = firstLine(of: "/sys/fs/cgroup/cpu.max") {
                let fields = text.split(separator: " ").map { Int($0) }
                if fields.count == 2, let quota = fields[0], let period = fields[1], period > 0 {
                    return max(1, (quota + period - 1) / period)
                }
            }
            if let quota = firstLine(of: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap({ Int($0) }), quota > 0,
                let period = firstLine(of: "/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap({ Int($0) }), period > 0
            {
                return max(1, (quota + period - 1) / period)
            }
            return nil
        }

        private static func firstLine(of path: String) -> String? {
            guard let file = fopen(path, "r") else { return nil }
            defer { fclose(file) }
            var buffer = [UInt8](repeating: 0, count: 256)
            let count = fread(&buffer, 1, buffer.count, file)
            return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first.map(String.init)
        }
    #endif

    /// Bytes that can be had without swapping; nil where the system does not tell.
    package static var availableMemory: Int? {
        #if os(Linux)
            guard let file = fopen("/proc/meminfo", "r") else { return nil }
            defer { fclose(file) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = fread(&buffer, 1, buffer.count, file)
            for line in String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n")
            where line.hasPrefix("MemAvailable:") {
                let fields = line.split(separator: " ")
                return fields.count >= 2 ? Int(fields[1]).map { $0 * 1024 } : nil
            }
            return nil
        #else
            return nil
        #endif
    }
}
