#if os(Linux)
    internal import CSeccomp
    internal import Glibc

    /// The system calls that a program in a sandbox may not make: those that reach the kernel where namespaces do not
    /// hold it back, or that programs under test have no use for. All others are allowed.
    enum SyscallFilter {
        private static let denied = [
            "acct", "add_key", "bpf", "chroot", "clock_adjtime", "clock_settime", "delete_module", "fanotify_init",
            "finit_module", "fsconfig", "fsmount", "fsopen", "fspick", "init_module", "io_setup", "io_uring_enter",
            "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl",
            "landlock_create_ruleset", "lookup_dcookie", "mbind", "migrate_pages", "mount", "mount_setattr",
            "move_mount", "move_pages", "name_to_handle_at", "nfsservctl", "open_by_handle_at", "open_tree",
            "perf_event_open", "pidfd_getfd", "pivot_root", "process_madvise", "process_vm_readv", "process_vm_writev",
            "ptrace", "quotactl", "quotactl_fd", "reboot", "request_key", "set_mempolicy", "setdomainname",
            "sethostname", "setns", "settimeofday", "swapoff", "swapon", "syslog", "umount2", "unshare",
            "userfaultfd", "vhangup", "vm86", "vm86old", "vmsplice",
        ]
        /// In a sandbox that serves one program after the other: memory that stays when a process ends.
        private static let lasting = ["mq_open", "msgget", "semget", "shmget"]
        /// There too: calls that change another process of the same user, by the argument that says which, and the value of
        /// it that means the caller.
        private static let reaching: [(name: String, argument: UInt32, own: UInt64)] = [
            ("ioprio_set", 0, 1), ("ioprio_set", 1, 0), ("prlimit64", 0, 0), ("sched_setaffinity", 0, 0),
            ("sched_setattr", 0, 0), ("sched_setparam", 0, 0), ("sched_setscheduler", 0, 0), ("setpriority", 0, 0),
            ("setpriority", 1, 0),
        ]
        /// What asks for namespaces, of the first argument of `clone`.
        private static let namespaceFlags: UInt64 =
            0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000
        /// Families of sockets that are allowed: of Unix and the Internet, which here is this sandbox alone.
        private static let families: ClosedRange<UInt64> = 0...10
        private static let deniedFamilies: [UInt64] = [0, 3, 4, 5, 6, 7, 8, 9]

        /// The filter as the kernel's instructions. Calls of another architecture's end the process.
        /// - Parameter isShared: for a sandbox that serves one program after the other.
        static func program(isShared: Bool = false) throws(SandboxError) -> [UInt8] {
            guard let context = unsafe seccomp_init(0x7fff_0000 /* SCMP_ACT_ALLOW */) else {
                throw .noFilter(reason: "libseccomp can't be initialised")
            }
            defer { unsafe seccomp_release(context) }
            for name in denied {
                let call = unsafe seccomp_syscall_resolve_name(name)
                // Not every architecture has each of them.
                guard call >= 0 else { continue }
                try unsafe add(context, call, EPERM, nil, name)
            }
            let clone = unsafe seccomp_syscall_resolve_name("clone")
            for bit in 0..<64 where namespaceFlags & 1 << UInt64(bit) != 0 {
                let flag: UInt64 = 1 << UInt64(bit)
                let test = scmp_arg_cmp(arg: 0, op: SCMP_CMP_MASKED_EQ, datum_a: flag, datum_b: flag)
                try unsafe add(context, clone, EPERM, test, "clone")
            }
            // Its flags are in memory, where no filter sees them; without it libraries use the one before.
            try unsafe add(context, seccomp_syscall_resolve_name("clone3"), ENOSYS, nil, "clone3")
            let socket = unsafe seccomp_syscall_resolve_name("socket")
            let beyond = scmp_arg_cmp(arg: 0, op: SCMP_CMP_GT, datum_a: families.upperBound, datum_b: 0)
            try unsafe add(context, socket, EAFNOSUPPORT, beyond, "socket")
            for family in deniedFamilies {
                let test = scmp_arg_cmp(arg: 0, op: SCMP_CMP_EQ, datum_a: family, datum_b: 0)
                try unsafe add(context, socket, EAFNOSUPPORT, test, "socket")
            }
            // Keys typed into a terminal for whoever reads it next: TIOCSTI, TIOCLINUX.
            for request: UInt64 in [0x5412, 0x541c] {
                let test = scmp_arg_cmp(arg: 1, op: SCMP_CMP_MASKED_EQ, datum_a: 0xffff_ffff, datum_b: request)
                try unsafe add(context, seccomp_syscall_resolve_name("ioctl"), EPERM, test, "ioctl")
            }
            if isShared {
                for name in lasting {
                    try unsafe add(context, seccomp_syscall_resolve_name(name), EPERM, nil, name)
                }
                for (name, argument, own) in reaching {
                    let test = scmp_arg_cmp(arg: argument, op: SCMP_CMP_NE, datum_a: own, datum_b: 0)
                    try unsafe add(context, seccomp_syscall_resolve_name(name), EPERM, test, name)
                }
            }
            return try unsafe exported(context)
        }

        private static func add(
            _ context: scmp_filter_ctx, _ call: Int32, _ error: Int32, _ test: scmp_arg_cmp?, _ name: String
        ) throws(SandboxError) {
            let action = 0x0005_0000 | UInt32(error)
            var tests = test.map { [$0] } ?? []
            let code = unsafe seccomp_rule_add_array(context, action, call, UInt32(tests.count), &tests)
            guard code == 0 else {
                throw .noFilter(
                    reason: "libseccomp refuses a rule for \(name) (\(unsafe String(cString: strerror(-code))))")
            }
        }

        private static func exported(_ context: scmp_filter_ctx) throws(SandboxError) -> [UInt8] {
            let file = try ScratchFile([], isWritable: true)
            guard unsafe seccomp_export_bpf(context, file.descriptor) == 0 else {
                throw .noFilter(reason: "libseccomp can't write it")
            }
            return try file.contents()
        }
    }
#endif
