package import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program with its arguments, measured from start to end.
package struct Command: Sendable {
    package var program: String
    package var arguments: [String]
    package var timeoutSeconds: Double

    package init(_ program: String, _ arguments: [String], timeoutSeconds: Double = 1800) {
        self.program = program
        self.arguments = arguments
        self.timeoutSeconds = timeoutSeconds
    }

    /// What one run gave.
    package struct Outcome: Sendable {
        package var standardOutput = Data()
        package var standardError = Data()
        /// Wall time until standard output was closed.
        package var seconds = 0.0
        /// Wall time until the first byte of standard output.
        package var firstByteSeconds: Double?
        /// Largest resident set in bytes, as VmHWM counts it.
        package var peakResidentBytes = 0

        package var text: String { String(decoding: standardOutput, as: UTF8.self) }
    }

    /// Runs the program to its end and requires exit status 0.
    package func run() throws(CommandError) -> Outcome {
        let errors = FileManager.default.temporaryDirectory.appending(path: "compare-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: errors) }
        var outcome = Outcome()
        let start = ContinuousClock.now
        let child = try ChildProcess(program, arguments, readsOutput: true, errorFile: errors.path)
        let finished = collect(from: child, since: start, into: &outcome)
        if !finished { kill(child.identifier, SIGKILL) }
        let ending = child.wait()
        outcome.peakResidentBytes = ending.peakResidentBytes
        outcome.standardError = (try? Data(contentsOf: errors)) ?? Data()
        guard finished else { throw .timedOut(program: program, seconds: timeoutSeconds) }
        guard ending.status == 0 else {
            let lines = String(decoding: outcome.standardError, as: UTF8.self).split(separator: "\n").suffix(3)
            throw .failed(
                program: program, arguments: arguments, status: ending.status, lastLines: lines.joined(separator: " / ")
            )
        }
        return outcome
    }

    /// Reads standard output to its end; false when the time limit came first.
    private func collect(
        from child: ChildProcess, since start: ContinuousClock.Instant, into outcome: inout Outcome
    ) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var entry = pollfd(fd: child.output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, 100)
            let elapsed = (ContinuousClock.now - start).seconds
            if ready > 0 {
                let count = read(child.output, &buffer, buffer.count)
                guard count > 0 else {
                    outcome.seconds = elapsed
                    return true
                }
                if outcome.firstByteSeconds == nil { outcome.firstByteSeconds = elapsed }
                outcome.standardOutput.append(contentsOf: buffer[..<count])
            }
            if elapsed > timeoutSeconds { return false }
        }
    }
}

/// Why a measured program gave no result.
package enum CommandError: Error, CustomStringConvertible {
    case notStarted(program: String, reason: String)
    case failed(program: String, arguments: [String], status: Int32, lastLines: String)
    case timedOut(program: String, seconds: Double)
    case unreadable(program: String, wanted: String, got: String)

    package var description: String {
        switch self {
        case .notStarted(let program, let reason):
            "\(program) could not be started: \(reason). Check the path."
        case .failed(let program, let arguments, let status, let lastLines):
            "\(program) \(arguments.joined(separator: " ")) ended with status \(status): \(lastLines)"
        case .timedOut(let program, let seconds):
            "\(program) was stopped after \(Int(seconds)) s."
        case .unreadable(let program, let wanted, let got):
            "\(program) printed no \(wanted), but: \(got.prefix(200))"
        }
    }
}

extension Duration {
    /// This duration in seconds.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
