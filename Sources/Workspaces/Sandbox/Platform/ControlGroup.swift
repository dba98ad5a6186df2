#if os(Linux)
    internal import Foundation
    internal import Glibc
    internal import Synchronization

    /// Makes a control group for each sandbox, beneath this process's own.
    struct ControlGroups: Sendable {
        private let version: ControlGroupLayout.Version
        private let parents: [String]
        private static let ownName = "/martlet-self"

        /// Those of this process; looked for once, since looking moves it.
        static let shared = Result { () throws(SandboxError) in try ControlGroups() }

        private init() throws(SandboxError) {
            let files = FileManager.default
            guard let groups = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8),
                let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8),
                let layout = ControlGroupLayout(
                    groups: groups, mounts: mounts, exists: { files.fileExists(atPath: $0 + "/cgroup.procs") })
            else { throw .noControlGroup(reason: "no control groups for memory and processes are mounted") }
            version = layout.version
            // Whoever started this may have been in a part made by one of us, and have handed that on.
            let isPart = version == .two && layout.parents[0].hasSuffix(Self.ownName)
            parents = isPart ? [String(layout.parents[0].dropLast(Self.ownName.count))] : layout.parents
            if version == .two { try delegate(parents[0]) }
            // What a process that was killed left behind.
            for parent in parents {
                for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] {
                    let parts = name.split(separator: "-")
                    guard parts.count == 3, parts[0] == "martlet", let owner = Int32(parts[1]) else { continue }
                    guard kill(owner, 0) != 0, errno == ESRCH else { continue }
                    // With the folder goes whatever is left in it.
                    _ = ControlGroup(version: version, folders: [parent + "/" + name]).endAll()
                }
            }
        }

        /// Of version 2 a group that shares out its limits has no processes of its own: this one moves into a part of it.
        private func delegate(_ own: String) throws(SandboxError) {
            let enabled = (try? String(contentsOfFile: own + "/cgroup.subtree_control", encoding: .utf8)) ?? ""
            let words = enabled.split { $0.isWhitespace }
            if words.contains("memory"), words.contains("pids") { return }
            let home = own + Self.ownName
            unsafe mkdir(home, 0o755)
            try Self.write("\(getpid())", to: home + "/cgroup.procs")
            try Self.write("+memory +pids", to: own + "/cgroup.subtree_control")
        }

        private static let count = Atomic(0)

        func make(_ limits: SandboxLimits) throws(SandboxError) -> ControlGroup {
            let name = "martlet-\(getpid())-\(Self.count.wrappingAdd(1, ordering: .relaxed).newValue)"
            let group = ControlGroup(version: version, folders: parents.map { $0 + "/" + name })
            for folder in group.folders where unsafe mkdir(folder, 0o755) != 0 {
                throw .noControlGroup(reason: "\(folder) can't be made: \(unsafe String(cString: strerror(errno)))")
            }
            func set(_ file: String, _ value: Int, isOptional: Bool = false) throws(SandboxError) {
                for folder in group.folders where FileManager.default.fileExists(atPath: folder + "/" + file) {
                    try Self.write("\(value)", to: folder + "/" + file)
                    return
                }
                if !isOptional { throw .noControlGroup(reason: "\(group.folders[0]) has no \(file)") }
            }
            switch version {
            case .one:
                try set("memory.limit_in_bytes", limits.memoryBytes)
                // Together with swap, where the kernel counts that.
                try set("memory.memsw.limit_in_bytes", limits.memoryBytes, isOptional: true)
            case .two:
                try set("memory.max", limits.memoryBytes)
                try set("memory.swap.max", 0, isOptional: true)
                try set("memory.oom.group", 1, isOptional: true)
            }
            // And bubblewrap, outside and inside.
            try set("pids.max", limits.processes + 2)
            return group
        }

        private static func write(_ value: String, to path: String) throws(SandboxError) {
            let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
            defer { if file >= 0 { close(file) } }
            let bytes = Array(value.utf8)
            guard file >= 0, unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
                throw .noControlGroup(reason: "\(path) can't be written: \(unsafe String(cString: strerror(errno)))")
            }
        }
    }

    /// A control group of one sandbox, gone with it.
    final class ControlGroup: Sendable {
        private let version: ControlGroupLayout.Version
        let folders: [String]

        fileprivate init(version: ControlGroupLayout.Version, folders: [String]) {
            self.version = version
            self.folders = folders
        }

        /// Whoever writes its number to all of these is part of the group, with all that it starts.
        var joinFiles: [String] { folders.map { $0 + "/cgroup.procs" } }

        /// Whether the kernel ended a process because there was no more memory for the group.
        var ranOutOfMemory: Bool {
            (value("oom_kill", of: version == .one ? "memory.oom_control" : "memory.events") ?? 0) > 0
        }

        /// Of the processor, that all its processes took together; nil where nothing counts it.
        var cpuSeconds: Double? {
            switch version {
            case .one: value(nil, of: "cpuacct.usage").map { Double($0) / 1e9 }
            case .two: value("usage_usec", of: "cpu.stat").map { Double($0) / 1e6 }
            }
        }

        /// The number behind a word in a file of lines, or the only one.
        private func value(_ word: String?, of file: String) -> Int? {
            for folder in folders {
                guard let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8) else { continue }
                for line in text.split(separator: "\n") {
                    let parts = line.split(separator: " ")
                    if word.map({ parts.first == $0[...] }) ?? true, let value = parts.last.flatMap({ Int($0) }) {
                        return value
                    }
                }
            }
            return nil
        }

        /// Ends all processes of the group, however they were started, and waits until they are gone.
        /// - Returns: how many are not, after some seconds.
        func endAll() -> Int {
            for round in 0..<5000 {
                if signalAll() == 0 { return 0 }
                if round > 0 { usleep(1000) }
            }
            return processes.count
        }

        /// Sends all processes the signal that none survives.
        /// - Returns: how many there were.
        @discardableResult
        func signalAll() -> Int {
            let found = processes
            for process in found { kill(process, SIGKILL) }
            return found.count
        }

        private var processes: [pid_t] {
            let text = try? String(contentsOfFile: folders[0] + "/cgroup.procs", encoding: .utf8)
            return text?.split(separator: "\n").compactMap { pid_t($0) }.filter { $0 > 0 } ?? []
        }

        deinit {
            // Processes that are dead may be in it for a moment still.
            for folder in folders {
                for _ in 0..<50 {
                    guard unsafe rmdir(folder) != 0, errno == EBUSY else { break }
                    usleep(1000)
                }
            }
        }
    }
#endif
