#if os(Linux)
    internal import Glibc
    internal import Processes
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
            var pipes: [PipeEnds] = []
            var areWritable = true
            func closeWritable() {
                if areWritable { for pipe in pipes { pipe.closeWrite() } }
                areWritable = false
            }
            defer {
                for pipe in pipes { pipe.closeRead() }
                closeWritable()
            }
            let start = ContinuousClock.now
            let process: Int32
            do {
                for _ in 0..<3 { pipes.append(try PipeEnds(from: ownDescriptors)) }
                process = try ChildProcess.start(
                    words, environment: [:],
                    descriptors: [input, pipes[0].write, pipes[1].write] + descriptors + [pipes[2].write])
            } catch {
                throw .system(action: error.action, reason: error.reason)
            }
            closeWritable()
            for pipe in pipes { PipeEnds.makeNonBlocking(pipe.read) }
            let end = watch(process, pipes.map(\.read), limits, start, group, isCancelled)
            // What let go of its pipes may live on, and what bubblewrap was about to start when it was killed.
            let left = group.endAll()
            guard left == 0 else { throw .survived(processes: left) }
            return end
        }

        /// The number that a child has the descriptor under that is given at a place of `descriptors`.
        static func number(_ place: Int) -> Int32 { Int32(place) + 3 }

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
    }
#endif
