#if os(Linux)
    #if canImport(Glibc)
        internal import Glibc
    #elseif canImport(Musl)
        internal import Musl
    #endif

    /// Found in /proc by the number of their session.
    struct SessionProcesses: ServerProcesses {
        /// Of the process that the session began with.
        let identifier: pid_t

        private struct Member {
            var identifier: pid_t
            var residentPages: Int
        }

        var residentBytes: Int {
            members.reduce(0) { $0 + $1.residentPages } * Int(sysconf(Int32(_SC_PAGESIZE)))
        }

        func kill() {
            // Once more for what was started between looking and killing.
            for _ in 0..<2 {
                for member in members { _ = sendSignal(member.identifier, SIGKILL) }
            }
            _ = sendSignal(-identifier, SIGKILL)
        }

        private var members: [Member] {
            guard let folder = unsafe opendir("/proc") else { return [] }
            defer { unsafe closedir(folder) }
            var found: [Member] = []
            while let entry = unsafe readdir(folder) {
                let first = unsafe entry.pointee.d_name.0
                guard first >= 49, first <= 57 else { continue }
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
                if let member = member(String(decoding: name, as: UTF8.self)) { found.append(member) }
            }
            return found
        }

        /// Nil for processes of other sessions and those that are gone.
        private func member(_ number: String) -> Member? {
            let descriptor = unsafe open("/proc/\(number)/stat", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            // The program's name may hold anything, and ends with the last parenthesis.
            guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
            let fields = bytes[(end + 1)..<count].split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
            // proc(5): the third field is the first one here; 6 is the session, 24 the resident pages.
            guard fields.count > 21, pid_t(fields[3]) == identifier, fields[0] != "Z", let process = pid_t(number)
            else { return nil }
            return Member(identifier: process, residentPages: Int(fields[21]) ?? 0)
        }
    }

    private let sendSignal = kill(_:_:)
#endif
