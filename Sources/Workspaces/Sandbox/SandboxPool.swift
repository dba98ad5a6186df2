internal import Synchronization

#if os(Linux)
    /// Sandboxes that stay: each has one program, started once, that answers one request after the other. Their files
    /// can only be read, and calls that reach another process or leave something behind are refused. Something always
    /// stays, such as the number of the next process: so no sandbox answers twice about the same subject, and only those
    /// whose answer is as hoped are kept. A program that serves has to end what it started for a request before it
    /// answers.
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

        /// - Parameters:
        ///   - subject: what a request could learn about from one before it.
        ///   - isHoped: whether an answer says that nothing was attempted; after others the sandbox is not used again.
        /// - Returns: nil when the program did not answer, for whatever reason.
        package func answer(
            _ request: [UInt8], about subject: String, where isHoped: ([UInt8]) -> Bool
        ) async throws(SandboxError) -> [UInt8]? {
            let worker = try worker(about: subject)
            guard let answer = await worker.answer(request) else { return nil }
            if isHoped(answer), worker.answers < Self.most { idle.withLock { $0.append(worker) } }
            return answer
        }

        private func worker(about subject: String) throws(SandboxError) -> ConfinedWorker {
            // One that knows the subject makes room for one that does not.
            let found = idle.withLock { idle -> ConfinedWorker? in
                let place = idle.lastIndex { !$0.subjects.withLock { $0.contains(subject) } }
                return idle.isEmpty ? nil : idle.remove(at: place ?? 0)
            }
            if let found, found.subjects.withLock({ $0.insert(subject).inserted }) { return found }
            let new = try sandbox.worker(program, limits)
            new.subjects.withLock { _ = $0.insert(subject) }
            return new
        }
    }
#else
    /// Sandboxes are made of what Linux has.
    package final class SandboxPool: Sendable {
        package init(_ sandbox: Sandbox, _ program: SandboxedProgram, _ limits: SandboxLimits) {}

        package func answer(
            _ request: [UInt8], about subject: String, where isHoped: ([UInt8]) -> Bool
        ) async throws(SandboxError) -> [UInt8]? { throw .unsupportedPlatform }
    }
#endif
