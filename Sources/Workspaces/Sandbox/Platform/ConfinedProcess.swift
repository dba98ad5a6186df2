#if os(Linux)
    internal import CPlatform
    internal import Glibc
    internal import Synchronization

    /// A command with descriptors of its own and none of this process's, watched until it and all that it started have
    /// ended.
    struct ConfinedProcess {
        /// Descriptors of this process are kept at these numbers and above, those of a child below.
        static let ownDescriptors: Int32 = 200

        struct End {
            var output: [UInt8] = []
            var errors: [UInt8] = []
            var seconds = 0.0
            var cpuSeconds = 0.0
            /// Why it was killed from here.
            var limit: SandboxOutcome.Limit?
            var isCancelled = false
        }

        /// Runs a command on the calling thread, which has to live as long: the command dies with it.
        /// - Parameters:
        ///   - words: an absolute path and arguments.
        ///   - descriptors: those that the child has from 0 on, without its outputs, which are 1 and 2.
        ///   - group: that it joins; all that is in it is ended at a limit, and before this returns.
        ///   - isCancelled: looked at ten times a second.
        static func run(
            _ words: [String], input: Int32, descriptors: [Int32], limits: SandboxLimits,
            group: ControlGroup, isCancelled: borrowing Atomic<Bool>
        ) throws(SandboxError) -> End {
            var pipes: [(read: Int32, write: Int32)] = []
            var areWritable = true
            func closeWritable() {
                if areWritable { for pipe in pipes { close(pipe.write) } }
                areWritable = false
            }
            defer {
                for pipe in pipes { close(pipe.read) }
                closeWritable()
            }
            for _ in 0..<3 { pipes.append(try makePipe()) }
            let start = ContinuousClock.now
            let process = try spawn(
                words, [input, pipes[0].write, pipes[1].write] + descriptors + [pipes[2].write])
            closeWritable()
            let end = watch(process, pipes.map(\.read), limits, start, group, isCancelled)
            // What let go of its pipes may live on, and what bubblewrap was about to start when it was killed.
            let left = group.endAll()
            guard left == 0 else { throw .survived(processes: left) }
            return end
        }

        /// The number that a child has the descriptor under that is given at a place of `descriptors`.
        static func number(_ place: Int) -> Int32 { Int32(place) + 3 }

        private static func makePipe() throws(SandboxError) -> (read: Int32, write: Int32) {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw .system(action: "making a pipe", reason: reason(errno)) }
            let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, ownDescriptors) }
            let code = errno
            for end in ends { close(end) }
            guard moved.allSatisfy({ $0 >= 0 }) else {
                for end in moved where end >= 0 { close(end) }
                throw .system(action: "making a pipe", reason: reason(code))
            }
            _ = fcntl(moved[0], F_SETFL, O_NONBLOCK)
            return (moved[0], moved[1])
        }

        private static func spawn(_ words: [String], _ descriptors: [Int32]) throws(SandboxError) -> pid_t {
            var actions = unsafe posix_spawn_file_actions_t()
            unsafe posix_spawn_file_actions_init(&actions)
            defer { unsafe posix_spawn_file_actions_destroy(&actions) }
            for (number, descriptor) in descriptors.enumerated() {
                unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
            }
            unsafe mp_spawn_closing_from(&actions, Int32(descriptors.count))
            var attributes = posix_spawnattr_t()
            unsafe posix_spawnattr_init(&attributes)
            defer { unsafe posix_spawnattr_destroy(&attributes) }
            // Signals that this process blocks or ignores are usual ones for the child.
            var none = sigset_t()
            unsafe sigemptyset(&none)
            unsafe posix_spawnattr_setsigmask(&attributes, &none)
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe posix_spawnattr_setsigdefault(&attributes, &all)
            let flags = 0x80 /* POSIX_SPAWN_SETSID */ | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
            unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
            let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
            defer { for index in words.indices { unsafe free(arguments[index]) } }
            var environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
            var process = pid_t()
            let code = unsafe posix_spawn(&process, words[0], &actions, &attributes, arguments, &environment)
            guard code == 0 else { throw .system(action: "starting \(words[0])", reason: reason(code)) }
            return process
        }

        /// - Parameter ends: of standard output and error, and of a pipe that is closed when nothing of the command lives.
        private static func watch(
            _ process: pid_t, _ ends: [Int32], _ limits: SandboxLimits, _ start: ContinuousClock.Instant,
            _ group: ControlGroup, _ isCancelled: borrowing Atomic<Bool>
        ) -> End {
            var end = End()
            var texts: [[UInt8]] = [[], [], []]
            var polled = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            var isKilled = false
            func endAll() {
                isKilled = true
                kill(process, SIGKILL)
                group.signalAll()
            }
            while polled.contains(where: { $0.fd >= 0 }) {
                let left = limits.wallSeconds - (ContinuousClock.now - start) / .seconds(1)
                if !isKilled, left <= 0 || isCancelled.load(ordering: .relaxed) {
                    if left <= 0 { end.limit = .wall } else { end.isCancelled = true }
                    endAll()
                } else if isKilled {
                    // What it was starting just then.
                    group.signalAll()
                }
                let pause = isKilled ? 100 : max(1, min(100, left * 1000))
                guard unsafe poll(&polled, nfds_t(polled.count), Int32(pause)) > 0 else { continue }
                for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
                    let count = unsafe read(polled[index].fd, &buffer, buffer.count)
                    if count < 0, errno == EAGAIN || errno == EINTR { continue }
                    guard count > 0 else {
                        polled[index].fd = -1
                        continue
                    }
                    texts[index] += buffer[..<min(count, limits.outputBytes - texts[index].count)]
                    guard texts[index].count >= limits.outputBytes, !isKilled else { continue }
                    end.limit = .output
                    endAll()
                }
            }
            var usage = rusage()
            var status: Int32 = 0
            while unsafe wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
            (end.output, end.errors) = (texts[0], texts[1])
            end.seconds = (ContinuousClock.now - start) / .seconds(1)
            end.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
            return end
        }

        private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

        private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
    }
#endif
