/// Where this process's control groups are, of either version.
/// - SeeAlso: Linux, Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
package struct ControlGroupLayout: Hashable {
    /// Of the kernel's interface to groups.
    package enum Version: Hashable { case one, two }

    package var version: Version
    /// The folders that groups are made in: of version 1 those that limit memory and processes and
    /// count time, of version 2 the one for all.
    package var parents: [String]

    /// - Parameters:
    ///   - groups: /proc/self/cgroup.
    ///   - mounts: /proc/self/mountinfo.
    ///   - exists: whether there is a folder.
    /// - Returns: nil when neither version limits memory and processes.
    package init?(groups: String, mounts: String, exists: (String) -> Bool) {
        let own = groups.split(separator: "\n").compactMap { line -> (controllers: [Substring], path: String)? in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 ? (parts[1].split(separator: ","), String(parts[2])) : nil
        }
        let mounted = mounts.split(separator: "\n").compactMap { line -> Mount? in Mount(line) }
        // Of version 1 each controller has a mount; where it has, version 2 does not have it.
        func folder(_ controller: String) -> String? {
            guard let path = own.first(where: { $0.controllers.contains { $0 == controller } })?.path,
                let mount = mounted.first(where: { $0.kind == "cgroup" && $0.options.contains(controller) })
            else { return nil }
            return mount.folder(path, exists)
        }
        if let memory = folder("memory"), let processes = folder("pids") {
            version = .one
            parents = [memory]
            // Time is only counted, by a controller that may be missing.
            for folder in [processes, folder("cpuacct")] {
                if let folder, !parents.contains(folder) { parents.append(folder) }
            }
            return
        }
        guard let path = own.first(where: { $0.controllers.isEmpty })?.path,
            let mount = mounted.first(where: { $0.kind == "cgroup2" }), let folder = mount.folder(path, exists)
        else { return nil }
        (version, parents) = (.two, [folder])
    }

    private struct Mount {
        var root: String
        var point: String
        var kind: String
        var options: [String]

        /// A line of mountinfo: number, parent, device, root, point, options, fields, "-", type, source, options.
        init?(_ line: Substring) {
            let words = line.split(separator: " ").map(String.init)
            guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3 else { return nil }
            (root, point, kind) = (words[3], words[4], words[dash + 1])
            options = words[dash + 3].split(separator: ",").map(String.init)
        }

        /// The folder of a group; in a container the mount may begin at the group itself.
        func folder(_ path: String, _ exists: (String) -> Bool) -> String? {
            let inside = root != "/" && path.hasPrefix(root) ? String(path.dropFirst(root.count)) : path
            return [point + (inside == "/" ? "" : inside), point].first(where: exists)
        }
    }
}
