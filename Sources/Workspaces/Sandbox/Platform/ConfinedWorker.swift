#if os(Linux)
    internal import Dispatch
    internal import Foundation
    internal import Glibc
    internal import Processes
    internal import Synchronization

    /// A command that answers requests, one at a time, until it is let go of.
    final class ConfinedWorker: Sendable {
        private let process: Int32
        /// Ends of pipes that are this process's: of what the command reads, and of what it writes.
        private let input: Int32
        private let output: Int32
        private let limits: SandboxLimits
        private let group: ControlGroup
        private let starter: Starter

        /// - Parameter descriptors: those that the command has behind its outputs.
        init(
            _ words: [String], descriptors: [Int32], limits: SandboxLimits, group: ControlGroup
        ) throws(SandboxError) {
            let own = ConfinedProcess.ownDescriptors
            var pipes: [PipeEnds] = []
            defer {
                // The command has these now.
                pipes.first?.closeRead()
                pipes.last?.closeWrite()
            }
            let opened = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
            let nothing = fcntl(opened, F_DUPFD_CLOEXEC, own)
            defer { for end in [opened, nothing] where end >= 0 { close(end) } }
            guard nothing >= 0 else {
                throw .system(action: "opening /dev/null", reason: unsafe String(cString: strerror(errno)))
            }
            do {
                for _ in 0..<2 { pipes.append(try PipeEnds(from: own)) }
                starter = try Starter(words, [pipes[0].read, pipes[1].write, nothing] + descriptors)
            } catch {
                for pipe in pipes {
                    pipe.closeWrite()
                    pipe.closeRead()
                }
                pipes = []
                throw .system(action: error.action, reason: error.reason)
            }
            (process, input, output) = (starter.process, pipes[0].write, pipes[1].read)
            self.limits = limits
            self.group = group
            for end in [input, output] { PipeEnds.makeNonBlocking(end) }
        }

        deinit {
            kill(process, SIGKILL)
            _ = group.endAll()
            var status: Int32 = 0
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
            for end in [input, output] { close(end) }
        }

        /// - Returns: nil when there is no answer within the limits; no other request can be answered then.
        func answer(_ request: [UInt8]) async -> [UInt8]? {
            let cancellation = Cancellation()
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    // Waiting blocks.
                    Thread.detachNewThread {
                        let answer = self.exchange(request, cancellation)
                        continuation.resume(returning: answer)
                    }
                }
            } onCancel: {
                cancellation.isCancelled.store(true, ordering: .relaxed)
            }
        }

        private final class Cancellation: Sendable {
            let isCancelled = Atomic(false)
        }

        private func exchange(_ request: [UInt8], _ cancellation: Cancellation) -> [UInt8]? {
            let start = ContinuousClock.now
            var unsent = (Self.bytes(request.count) + request)[...]
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 12)
            while !cancellation.isCancelled.load(ordering: .relaxed) {
                let left = limits.wallSeconds - (ContinuousClock.now - start) / .seconds(1)
                guard left > 0 else { return nil }
                var polled = [
                    pollfd(fd: output, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: unsent.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
                ]
                guard unsafe poll(&polled, 2, Int32(max(1, min(100, left * 1000)))) > 0 else { continue }
                if polled[1].revents != 0 {
                    let written = PipeEnds.send(unsent.prefix(1 << 16), to: input)
                    guard written >= 0 || errno == EAGAIN || errno == EINTR else { return nil }
                    unsent = unsent.dropFirst(max(0, written))
                }
                guard polled[0].revents != 0 else { continue }
                let read = unsafe read(output, &buffer, buffer.count)
                if read < 0, errno == EAGAIN || errno == EINTR { continue }
                guard read > 0 else { return nil }
                received += buffer[..<read]
                guard received.count >= 8 else { continue }
                let size = received[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
                guard size <= limits.outputBytes, received.count <= Int(size) + 8 else { return nil }
                if received.count == Int(size) + 8 {
                    guard unsent.isEmpty else { return nil }
                    return Array(received.dropFirst(8))
                }
            }
            return nil
        }

        private static func bytes(_ count: Int) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }

        /// Starts a command on a thread that lives as long as this: bubblewrap dies with the one that starts it.
        private final class Starter: Sendable {
            private final class Outcome: Sendable {
                let result = Mutex<Result<Int32, ProcessFailure>?>(nil)
                let isThere = DispatchSemaphore(value: 0)
                let isLetGo = DispatchSemaphore(value: 0)
            }

            let process: Int32
            private let outcome: Outcome

            init(_ words: [String], _ descriptors: [Int32]) throws(ProcessFailure) {
                let outcome = Outcome()
                Thread.detachNewThread {
                    let result = Result { () throws(ProcessFailure) in
                        try ChildProcess.start(words, environment: [:], descriptors: descriptors)
                    }
                    outcome.result.withLock { $0 = result }
                    outcome.isThere.signal()
                    if case .success = result { outcome.isLetGo.wait() }
                }
                outcome.isThere.wait()
                guard let result = outcome.result.withLock({ $0 }) else { preconditionFailure("it is there") }
                process = try result.get()
                self.outcome = outcome
            }

            deinit { outcome.isLetGo.signal() }
        }
    }
#endif
