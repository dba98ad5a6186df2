#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program started with a clean signal mask in our process group, so that Ctrl-C reaches it as well.
///
/// Foundation's Process gives children a group of their own and the mask of the calling thread, which on a
/// pool thread blocks SIGTERM and SIGINT.
final class ChildProcess: Sendable {
    let identifier: pid_t
    /// Read end of the child's standard output, or -1.
    let output: Int32

    /// How a child ended.
    struct Ending {
        /// Exit status, or 128 + signal.
        var status: Int32
        /// Largest resident set in bytes, the kernel's own high-water mark; never below our own at the start.
        var peakResidentBytes: Int
    }

    /// Starts `program`; standard input is empty.
    /// - Parameters:
    ///   - readsOutput: gives `output`; otherwise standard output is discarded.
    ///   - errorFile: where standard error goes; nil discards it.
    init(
        _ program: String, _ arguments: [String], readsOutput: Bool = false, errorFile: String? = nil
    ) throws(CommandError) {
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        var ends: [Int32] = [-1, -1]
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
            if ends[1] >= 0 { close(ends[1]) }
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, errorFile ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if readsOutput {
            guard pipe(&ends) == 0 else { throw .notStarted(program: program, reason: Self.reason(errno)) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var started: pid_t = 0
        let failure = posix_spawn(&started, program, &actions, &attributes, &words, environ)
        guard failure == 0 else {
            if ends[0] >= 0 { close(ends[0]) }
            throw .notStarted(program: program, reason: Self.reason(failure))
        }
        (identifier, output) = (started, ends[0])
    }

    /// Waits for the end; call it once.
    @discardableResult
    func wait() -> Ending {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(identifier, &status, 0, &usage) < 0 && errno == EINTR {}
        if output >= 0 { close(output) }
        #if canImport(Glibc)
            let unit = 1024
        #else
            let unit = 1
        #endif
        let signal = status & 0x7f
        return Ending(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, peakResidentBytes: Int(usage.ru_maxrss) * unit)
    }

    /// True until the child has ended.
    var isRunning: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.endedProcess == 0
    }

    /// Ends the child at once and waits for it.
    func stop() {
        kill(identifier, SIGKILL)
        wait()
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

extension siginfo_t {
    /// The child that this information is about; 0 when none has ended.
    fileprivate var endedProcess: pid_t {
        #if canImport(Glibc)
            _sifields._sigchld.si_pid
        #else
            si_pid
        #endif
    }
}
