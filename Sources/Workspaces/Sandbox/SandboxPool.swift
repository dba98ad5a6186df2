internal import Synchronization

#if os(Linux)
    /// Sandboxes that stay: each has one program, started once, that answers one request after the other. Nothing in them
    /// can be written to, and calls that reach another process of a sandbox or stay behind in it are refused too, so that
    /// a request meets what the one before it met. A program that serves has to end what it started for a request before
    /// it answers.
    ///
    /// Requests and answers are bytes behind their count, 8 bytes, the least significant first.
    package final class SandboxPool: Sendable {
        /// Answers after which a sandbox is made anew.
        private static let most = 1000

        private let sandbox: Sandbox
        private let program: SandboxedProgram
        private let limits: SandboxLimits
        private let idle = Mutex<[ConfinedWorker]>([])

        /// Sandboxes are made when they are needed: as many as there are requests at a time.
        /// - Parameter limits: of a sandbox; `wallSeconds` of a request.
        package init(_ sandbox: Sandbox, _ program: SandboxedProgram, _ limits: SandboxLimits) {
            self.sandbox = sandbox
            var program = program
            program.writesFiles = false
            self.program = program
            self.limits = limits
        }

        /// - Returns: nil when the program did not answer, for whatever reason; its sandbox is gone then.
        package func answer(_ request: [UInt8]) async throws(SandboxError) -> [UInt8]? {
            let worker: ConfinedWorker
            if let found = idle.withLock({ $0.popLast() }) {
                worker = found
            } else {
                worker = try sandbox.worker(program, limits)
            }
            guard let answer = await worker.answer(request) else { return nil }
            if worker.answers < Self.most { idle.withLock { $0.append(worker) } }
            return answer
        }
    }
#else
    /// Sandboxes are made of what Linux has.
    package final class SandboxPool: Sendable {
        package init(_ sandbox: Sandbox, _ program: SandboxedProgram, _ limits: SandboxLimits) {}

        package func answer(_ request: [UInt8]) async throws(SandboxError) -> [UInt8]? { throw .unsupportedPlatform }
    }
#endif
