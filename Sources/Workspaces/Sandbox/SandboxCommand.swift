/// The command that runs a program in a sandbox: a shell that joins the control groups, `setpriv` that stops being root,
/// bubblewrap that leaves everything else outside, `prlimit` for what is limited per process, the program.
struct SandboxCommand {
    /// Absolute paths.
    struct Tools: Hashable, Sendable {
        var bwrap: String
        var setpriv: String
        var prlimit: String
    }

    /// Who the program is, inside and, when this process is root, outside: nobody.
    static let user = 65534
    /// The shell's exit status when it could not join a group; no program is run then.
    static let joinFailure = 125

    var tools: Tools
    var limits: SandboxLimits
    var isRoot: Bool
    /// Files that a process writes its number to, to become part of a group.
    var groupFiles: [String]

    /// - Parameters:
    ///   - filter: the descriptor that bubblewrap reads the filter of system calls from.
    ///   - status: the one that it writes what became of the program to.
    ///   - files: paths in `/sandbox`, and descriptors that their contents are read from.
    func words(_ program: SandboxedProgram, filter: Int32, status: Int32, files: [(path: String, descriptor: Int32)])
        -> [String]
    {
        var words = ["/bin/sh", "-c", Self.join, "sh"] + groupFiles + ["--"]
        if isRoot {
            words += [tools.setpriv, "--reuid=\(Self.user)", "--regid=\(Self.user)", "--clear-groups", "--"]
        }
        words += [tools.bwrap, "--unshare-user", "--unshare-all", "--die-with-parent", "--new-session"]
        words += ["--cap-drop", "ALL", "--uid", "\(Self.user)", "--gid", "\(Self.user)", "--hostname", "sandbox"]
        words += ["--ro-bind", "/usr", "/usr"]
        for folder in ["bin", "sbin", "lib", "lib32", "lib64"] {
            words += ["--symlink", "usr/\(folder)", "/\(folder)"]
        }
        words += ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
        words += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
        for path in program.readable { words += ["--ro-bind", path, path] }
        if program.seesProcesses { words += ["--proc", "/proc"] }
        words += ["--dev", "/dev"]
        for folder in ["/tmp", "/sandbox", "/dev/shm"] {
            words += ["--size", "\(limits.fileBytes)", "--perms", "0700", "--tmpfs", folder]
        }
        for file in files { words += ["--file", "\(file.descriptor)", "/sandbox/" + file.path] }
        // These are tmpfs too, without a size of their own.
        words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/sandbox", "--clearenv"]
        let environment = ["PATH": "/usr/bin:/bin", "HOME": "/sandbox", "TMPDIR": "/tmp", "LANG": "C.UTF-8"]
            .merging(program.environment) { $1 }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { words += ["--setenv", name, value] }
        words += ["--json-status-fd", "\(status)", "--seccomp", "\(filter)", "--"]
        words += [
            tools.prlimit, "--cpu=\(limits.cpuSeconds):\(limits.cpuSeconds + 1)", "--fsize=\(limits.fileBytes)",
            // The group limits processes; before Linux 5.14 this counts those of the whole machine.
            "--nproc=4096", "--nofile=1024", "--memlock=0", "--msgqueue=0", "--rtprio=0", "--nice=0",
            // Of all limits only 1 keeps the kernel from starting a program of the machine's for a crash.
            "--core=1", "--",
        ]
        return words + program.command
    }

    private static let join = """
        while [ "$1" != -- ]; do echo $$ >"$1" || exit \(joinFailure); shift; done; shift; exec "$@"
        """
}
