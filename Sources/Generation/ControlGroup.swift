#if os(Linux)
    import Foundation

    /// The limits of the control groups that a process is in, of version 1 or 2: what containers and services may use.
    /// - SeeAlso: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
    package struct ControlGroup: Sendable {
        /// Folders of the group and of those above it, by controller; "" is version 2.
        private var folders: [String: [String]] = [:]

        /// The group of this process.
        package static let current = ControlGroup(root: "/sys/fs/cgroup", membership: "/proc/self/cgroup")

        /// - Parameters:
        ///   - root: where the hierarchies are mounted.
        ///   - membership: a file of lines `number:controllers:path`.
        package init(root: String, membership: String) {
            let text = (try? String(contentsOfFile: membership, encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") {
                let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard fields.count == 3 else { continue }
                let parts = fields[2].split(separator: "/")
                for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                    let top = controller.isEmpty ? root : "\(root)/\(controller)"
                    // A container often sees its own group as the top, whatever the path says.
                    folders[String(controller)] = (0...parts.count).reversed().map {
                        parts.prefix($0).reduce(top) { "\($0)/\($1)" }
                    }
                }
            }
        }

        /// Whole cores that are granted; nil without a limit.
        package var cores: Int? {
            let quotas = folders["", default: []].compactMap { folder -> Int? in
                guard let fields = Self.words(of: "\(folder)/cpu.max"), fields.count == 2 else { return nil }
                return Self.cores(quota: Int(fields[0]), period: Int(fields[1]))
            }
            let older = folders["cpu", default: []].compactMap { folder -> Int? in
                Self.cores(
                    quota: Self.number("\(folder)/cpu.cfs_quota_us"), period: Self.number("\(folder)/cpu.cfs_period_us")
                )
            }
            return (quotas + older).min()
        }

        /// Bytes that can still be had: what is free and what the page cache would give back; nil without a limit.
        package var availableMemory: Int? {
            let rooms = folders["", default: []].compactMap {
                Self.room($0, limit: "memory.max", usage: "memory.current", prefix: "")
            }
            let older = folders["memory", default: []].compactMap {
                Self.room($0, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", prefix: "total_")
            }
            return (rooms + older).min()
        }

        private static func cores(quota: Int?, period: Int?) -> Int? {
            guard let quota, let period, quota > 0, period > 0 else { return nil }
            return max(1, (quota + period - 1) / period)
        }

        private static func room(_ folder: String, limit: String, usage: String, prefix: String) -> Int? {
            // Version 1 says "no limit" by a number that no machine has.
            guard let limit = number("\(folder)/\(limit)"), limit < 1 << 60, let used = number("\(folder)/\(usage)")
            else { return nil }
            var cached = 0
            let fields = words(of: "\(folder)/memory.stat") ?? []
            for (name, value) in zip(fields, fields.dropFirst())
            where name == "\(prefix)inactive_file" || name == "\(prefix)active_file" {
                cached += Int(value) ?? 0
            }
            return max(0, min(limit, limit - used + cached))
        }

        private static func number(_ path: String) -> Int? { words(of: path)?.first.flatMap { Int($0) } }

        private static func words(of path: String) -> [Substring]? {
            (try? String(contentsOfFile: path, encoding: .utf8))?.split { $0 == " " || $0 == "\n" }
        }
    }
#endif
