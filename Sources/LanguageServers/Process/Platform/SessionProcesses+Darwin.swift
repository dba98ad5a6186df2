#if canImport(Darwin)
    internal import Darwin

    /// Those of the process group that the server leads: macOS lists no sessions.
    struct SessionProcesses: ServerProcesses {
        /// Of the process that the group began with.
        let identifier: pid_t

        var residentBytes: Int {
            members.reduce(0) { sum, process in
                var facts = proc_taskinfo()
                let size = Int32(MemoryLayout<proc_taskinfo>.size)
                let count = unsafe proc_pidinfo(process, PROC_PIDTASKINFO, 0, &facts, size)
                return count == size ? sum + Int(clamping: facts.pti_resident_size) : sum
            }
        }

        func kill() { _ = Darwin.kill(-identifier, SIGKILL) }

        private var members: [pid_t] {
            var found = [pid_t](repeating: 0, count: 1024)
            let bytes = unsafe found.withUnsafeMutableBytes {
                unsafe proc_listpids(UInt32(PROC_PGRP_ONLY), UInt32(identifier), $0.baseAddress, Int32($0.count))
            }
            return found.prefix(max(0, Int(bytes)) / MemoryLayout<pid_t>.size).filter { $0 > 0 }
        }
    }
#endif
