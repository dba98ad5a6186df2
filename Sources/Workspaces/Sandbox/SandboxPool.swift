internal import Synchronization

#if os(Linux)
    /// Sandboxes that stay: each has one program, started once, that answers one request after the other. A program that
    /// serves has to end what it started for a request before it answers.
    ///
    /// Something of a request always stays, if only in the number of the next process. So no sandbox answers twice about
    /// the same subject, where a request could learn from the one before; and an answer counts only if it is as hoped,
    /// or a sandbox's first. Calls that change another process, or leave memory behind, are refused.
    ///
    /// Requests and answers are bytes behind their count, 8 bytes, the least significant first.
    package final class SandboxPool: Sendable {
        /// Answers after which a sandbox is made anew.
        private static let most = 1000

        private let sandbox: Sandbox
        private let program: SandboxedProgram
        private let limits: SandboxLimits
        private let idle = Mutex<[Kept]>([])

        private struct Kept {
            let worker: ConfinedWorker
            /// That it has answered about.
            var subjects: Set<String> = []
        }

        /// Sandboxes are made when they are needed: as many as there are requests at a time.
        /// - Parameter limits: of a sandbox; `wallSeconds` of a request.
        package init(_ sandbox: Sandbox, _ program: SandboxedProgram, _ limits: SandboxLimits) {
            self.sandbox = sandbox
            self.program = program
            self.limits = limits
        }

        /// - Parameters:
        ///   - subject: what a request could learn about from one before it.
        ///   - isHoped: whether an answer proves itself, so that it counts whatever was there before.
        /// - Returns: nil when the program did not answer, for whatever reason.
        package func answer(
            _ request: [UInt8], about subject: String, where isHoped: ([UInt8]) -> Bool
        ) async throws(SandboxError) -> [UInt8]? {
            let found = idle.withLock { idle -> Kept? in
                let place = idle.lastIndex { !$0.subjects.contains(subject) }
                // One that knows the subject makes room for one that does not.
                return idle.isEmpty ? nil : idle.remove(at: place ?? 0)
            }
            if var found, found.subjects.insert(subject).inserted {
                guard let answer = await found.worker.answer(request) else { return nil }
                if isHoped(answer) {
                    keep(found)
                    return answer
                }
            }
            let new = Kept(worker: try sandbox.worker(program, limits), subjects: [subject])
            guard let answer = await new.worker.answer(request) else { return nil }
            keep(new)
            return answer
        }

        private func keep(_ kept: Kept) {
            guard kept.subjects.count < Self.most else { return }
            idle.withLock { $0.append(kept) }
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
