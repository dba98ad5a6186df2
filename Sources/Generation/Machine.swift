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
            if allowed > 0 { return min(allowed, ControlGroup.current.cores ?? allowed) }
        #endif
        return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// Bytes that can be had without swapping, in this process's control group; nil where the system does not tell.
    package static var availableMemory: Int? {
        #if os(Linux)
            guard let free = freeMemory else { return nil }
            return min(free, ControlGroup.current.availableMemory ?? free)
        #else
            return nil
        #endif
    }

    #if os(Linux)
        /// Bytes that the whole machine could give.
        private static var freeMemory: Int? {
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
        }
    #endif
}
