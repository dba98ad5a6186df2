internal import Foundation
internal import JSON
internal import Synchronization

#if os(Linux)
    internal import Glibc

    /// Runs programs that nobody knows where they can do no harm: without a network, with nothing of this machine but
    /// `/usr` to read, as nobody, in namespaces, control groups and limits of their own. What is made here runs nothing when
    /// a part of that is missing. Docs/Decisions/0032-sandbox.md says what holds what back.
    package struct Sandbox: Sendable {
        private let tools: SandboxCommand.Tools
        private let groups: ControlGroups
        private let filter: [UInt8]
        private let sharedFilter: [UInt8]

        /// Finds out whether this machine can hold programs back, by running one that does nothing.
        package init() async throws(SandboxError) {
            tools = SandboxCommand.Tools(
                bwrap: try Self.program("bwrap"), setpriv: try Self.program("setpriv"),
                prlimit: try Self.program("prlimit"))
            groups = try ControlGroups.shared.get()
            filter = try SyscallFilter.program()
            sharedFilter = try SyscallFilter.program(isShared: true)
            // However busy the machine is.
            var limits = SandboxLimits()
            limits.wallSeconds = 300
            let outcome = try await run(SandboxedProgram(["/usr/bin/true"]), limits)
            guard outcome.hasSucceeded else { throw .refused(reason: "\(outcome.ending)") }
        }

        /// Whether a folder of this machine can be had in a sandbox: where this process is root, nobody has to reach it.
        package static func reaches(_ folder: String) -> Bool {
            guard geteuid() == 0 else { return FileManager.default.isReadableFile(atPath: folder) }
            var url = URL(fileURLWithPath: folder).resolvingSymlinksInPath()
            while true {
                let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
                guard let mode = attributes?[.posixPermissions] as? NSNumber, mode.intValue & 0o1 != 0 else {
                    return false
                }
                if url.path == "/" { return true }
                url.deleteLastPathComponent()
            }
        }

        /// - Throws: when nothing was run; whatever the program does is an outcome.
        package func run(
            _ program: SandboxedProgram, _ limits: SandboxLimits = SandboxLimits()
        ) async throws(SandboxError) -> SandboxOutcome {
            let cancellation = Cancellation()
            let result: Result<SandboxOutcome, SandboxError> = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    // A thread of its own: bubblewrap dies with the one that starts it.
                    Thread.detachNewThread {
                        continuation.resume(
                            returning: Result { () throws(SandboxError) in try run(program, limits, cancellation) })
                    }
                }
            } onCancel: {
                cancellation.isCancelled.store(true, ordering: .relaxed)
            }
            return try result.get()
        }

        /// A program that answers requests, as `SandboxPool` has it.
        func worker(_ program: SandboxedProgram, _ limits: SandboxLimits) throws(SandboxError) -> ConfinedWorker {
            let group = try groups.make(limits)
            let filter = try ScratchFile(sharedFilter)
            let status = try ScratchFile([], isWritable: true)
            let files = try Files(program.files)
            let words = command(limits, group).words(
                program, filter: ConfinedProcess.number(0), status: ConfinedProcess.number(1),
                files: files.placed(from: 2))
            return try ConfinedWorker(
                words, descriptors: [filter.descriptor, status.descriptor] + files.descriptors, limits: limits,
                group: group)
        }

        private func command(_ limits: SandboxLimits, _ group: ControlGroup) -> SandboxCommand {
            SandboxCommand(tools: tools, limits: limits, isRoot: geteuid() == 0, groupFiles: group.joinFiles)
        }

        private final class Cancellation: Sendable {
            let isCancelled = Atomic(false)
        }

        private func run(
            _ program: SandboxedProgram, _ limits: SandboxLimits, _ cancellation: Cancellation
        ) throws(SandboxError) -> SandboxOutcome {
            let group = try groups.make(limits)
            let input = try ScratchFile(program.input)
            let filter = try ScratchFile(self.filter)
            let status = try ScratchFile([], isWritable: true)
            let files = try Files(program.files)
            let words = command(limits, group).words(
                program, filter: ConfinedProcess.number(0), status: ConfinedProcess.number(1),
                files: files.placed(from: 2))
            var end = try ConfinedProcess.run(
                words, input: input.descriptor,
                descriptors: [filter.descriptor, status.descriptor] + files.descriptors, limits: limits,
                group: group, isCancelled: cancellation.isCancelled)
            // Who sets a sandbox up does not wait for its first process, so that the kernel tells of little else.
            end.cpuSeconds = group.cpuSeconds ?? end.cpuSeconds
            return SandboxOutcome(
                ending: try ending(end, status: try status.contents(), group, limits), output: end.output,
                errors: end.errors, seconds: end.seconds, cpuSeconds: end.cpuSeconds)
        }

        private func ending(
            _ end: ConfinedProcess.End, status: [UInt8], _ group: ControlGroup, _ limits: SandboxLimits
        ) throws(SandboxError) -> SandboxOutcome.Ending {
            if group.ranOutOfMemory { return .ranOutOf(.memory) }
            if let limit = end.limit { return .ranOutOf(limit) }
            if end.isCancelled { throw .cancelled }
            // One document a line; the last has the program's exit status, if it ever ran.
            var code: Int?
            for line in status.split(separator: UInt8(ascii: "\n")) {
                code = (try? JSONValue(parsing: Array(line)))?.object?["exit-code"]?.integer ?? code
            }
            guard let code else {
                let words = String(decoding: end.errors, as: UTF8.self).split(separator: "\n").last ?? "it was killed"
                throw .refused(reason: String(words))
            }
            // As shells have it; beyond the signals there are only programs that say so themselves.
            guard (129...192).contains(code) else { return .exited(code) }
            let signal = code - 128
            let isAtLimit = end.cpuSeconds >= Double(limits.cpuSeconds)
            return isAtLimit && [SIGXCPU, SIGKILL].contains(Int32(signal)) ? .ranOutOf(.cpu) : .signalled(signal)
        }

        /// Contents that bubblewrap copies into `/sandbox`.
        private struct Files: ~Copyable {
            let paths: [String]
            let descriptors: [Int32]
            private let holders: [Holder]

            private final class Holder {
                let file: ScratchFile
                init(_ contents: [UInt8]) throws(SandboxError) { file = try ScratchFile(contents) }
            }

            init(_ files: [String: [UInt8]]) throws(SandboxError) {
                paths = files.keys.sorted()
                try Sandbox.check(paths)
                var holders: [Holder] = []
                for path in paths { holders.append(try Holder(files[path] ?? [])) }
                self.holders = holders
                descriptors = holders.map { $0.file.descriptor }
            }

            /// Paths with the numbers that a child has them by, whose descriptors begin at a place of its own.
            func placed(from place: Int) -> [(path: String, descriptor: Int32)] {
                paths.enumerated().map { ($1, ConfinedProcess.number($0 + place)) }
            }
        }

        private static func check(_ paths: [String]) throws(SandboxError) {
            for path in paths where !isInside(path) { throw .badFile(path: path) }
            // Each is a descriptor of the child's, beside a few others.
            let most = Int(ConfinedProcess.ownDescriptors) - 8
            guard paths.count <= most else { throw .tooManyFiles(count: paths.count, most: most) }
        }

        private static func isInside(_ path: String) -> Bool {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            return !path.utf8.contains(0) && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        }

        private static func program(_ name: String) throws(SandboxError) -> String {
            let search = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/bin:/bin"
            for folder in search.split(separator: ":") where folder.hasPrefix("/") {
                let path = "\(folder)/\(name)"
                if FileManager.default.isExecutableFile(atPath: path) { return path }
            }
            throw .programMissing(name)
        }
    }
#else
    /// Sandboxes are made of what Linux has.
    package struct Sandbox: Sendable {
        package init() async throws(SandboxError) { throw .unsupportedPlatform }

        package static func reaches(_ folder: String) -> Bool { false }

        package func run(
            _ program: SandboxedProgram, _ limits: SandboxLimits = SandboxLimits()
        ) async throws(SandboxError) -> SandboxOutcome { throw .unsupportedPlatform }
    }
#endif
