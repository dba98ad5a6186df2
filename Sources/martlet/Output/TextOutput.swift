import Foundation

/// Writes text to a descriptor at once and whole: what is printed is seen, and what cannot be printed is an error.
struct TextOutput: Sendable {
    let descriptor: Int32
    /// Whether a person sees it.
    let isTerminal: Bool
    /// Whether colours may be used: on a terminal, unless NO_COLOR is set (no-color.org).
    let allowsColor: Bool

    init(descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        allowsColor = isTerminal && !isPlain
    }

    /// Results.
    static let results = TextOutput(descriptor: STDOUT_FILENO)
    /// Progress, notes and errors.
    static let notes = TextOutput(descriptor: STDERR_FILENO)

    func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = systemWrite(descriptor, rest.baseAddress, rest.count)
            if written >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            } else if errno == EPIPE || errno == EIO && isTerminal {
                // Nobody reads any more: the other end of the pipe, or the terminal, is gone.
                throw .closed
            } else if errno == EAGAIN {
                // Somebody made the descriptor non-blocking (a terminal shared with another program does).
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = systemPoll(&poll, 1, -1)
            } else if errno != EINTR {
                throw .failed(reason: String(cString: strerror(errno)))
            }
        }
    }

    func write(_ bytes: [UInt8]) throws(OutputError) {
        let result: Result<Void, OutputError> = bytes.withUnsafeBytes { buffer in
            do throws(OutputError) { return .success(try write(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    func write(_ text: String) throws(OutputError) {
        try write(Array(text.utf8))
    }

    /// Writes text and ends the line.
    func print(_ line: String = "") throws(OutputError) {
        try write(line + "\n")
    }
}

/// Why output was lost.
enum OutputError: Error, CustomStringConvertible {
    /// The reader went away; not worth a word.
    case closed
    case failed(reason: String)

    var description: String {
        switch self {
        case .closed: "the reader of the output is gone"
        case .failed(let reason): "the output could not be written: \(reason). Is the disk full?"
        }
    }
}

private let systemWrite = Foundation.write
private let systemPoll = Foundation.poll
