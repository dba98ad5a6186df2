#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Processes

/// A language server that runs on this machine. It and all that it has started end with this value at the latest.
package final class ServerProcess: ServerChannel {
    private let server: SpawnedServer
    private let processes: SessionProcesses
    private let memoryLimit: Int
    private let isCancelled: () -> Bool
    private let epoch: ContinuousClock.Instant
    private var unsent: ArraySlice<UInt8> = []
    private var inputIsOpen = true
    private var errorsAreOpen = true
    private var words = LastWords()
    /// 128 + the signal for one that was ended by it.
    private var status: Int?
    private var isGone = false
    private var nextMemoryCheck = Duration.zero
    /// The most bytes that were seen resident.
    package private(set) var peakMemory = 0

    /// How often memory is looked at: what grows by gigabytes a second is found in time all the same.
    private static let memoryInterval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - command: the program's absolute path and its arguments.
    ///   - memoryLimit: bytes that it and what it has started may have resident.
    ///   - epoch: what time is counted from.
    ///   - isCancelled: asked while waiting, some ten times a second.
    package init(
        _ command: [String], environment: [String: String], folder: String, memoryLimit: Int,
        epoch: ContinuousClock.Instant = .now, isCancelled: @escaping () -> Bool = { false }
    ) throws(ServerFailure) {
        server = try SpawnedServer(command, environment: environment, folder: folder)
        processes = SessionProcesses(identifier: server.identifier)
        self.memoryLimit = memoryLimit
        self.epoch = epoch
        self.isCancelled = isCancelled
    }

    deinit { kill() }

    package var now: Duration { ContinuousClock.now - epoch }

    package var lastWords: [String] { words.text }

    package func send(_ bytes: [UInt8]) { unsent += bytes }

    package func receive(until deadline: Duration) throws(ServerFailure) -> [UInt8] {
        while !isGone {
            if isCancelled() {
                kill()
                throw .cancelled
            }
            try checkMemory()
            let left = min(deadline, nextMemoryCheck) - now
            let ready = wait(milliseconds: Int32(clamping: left.components.seconds * 1000 + left.wholeMilliseconds))
            if ready.errors { drainErrors() }
            if ready.input { flush() }
            if ready.output {
                let bytes = Self.readAvailable(server.output)
                guard let bytes else { break }
                if !bytes.isEmpty { return bytes }
            }
            if now >= deadline { return [] }
        }
        kill()
        throw .ended(status: status, lastWords: lastWords)
    }

    package func kill() {
        guard !isGone else { return }
        isGone = true
        processes.kill()
        // What it said last is in the pipe.
        if errorsAreOpen { drainErrors() }
        var code: Int32 = 0
        while unsafe waitpid(server.identifier, &code, 0) < 0, errno == EINTR {}
        status = Int(code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + code & 0x7F)
        for descriptor in [server.input, server.output, server.errors] { close(descriptor) }
    }

    // MARK: Waiting

    private func wait(milliseconds: Int32) -> (input: Bool, output: Bool, errors: Bool) {
        var polled = [
            pollfd(fd: server.output, events: Int16(POLLIN), revents: 0),
            // Descriptors below 0 are passed over.
            pollfd(fd: errorsAreOpen ? server.errors : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: inputIsOpen && !unsent.isEmpty ? server.input : -1, events: Int16(POLLOUT), revents: 0),
        ]
        guard unsafe poll(&polled, nfds_t(polled.count), max(0, milliseconds)) > 0 else { return (false, false, false) }
        return (polled[2].revents != 0, polled[0].revents != 0, polled[1].revents != 0)
    }

    private func checkMemory() throws(ServerFailure) {
        guard now >= nextMemoryCheck else { return }
        nextMemoryCheck = now + Self.memoryInterval
        let bytes = processes.residentBytes
        peakMemory = max(peakMemory, bytes)
        guard bytes > memoryLimit else { return }
        kill()
        throw .overMemory(bytes: bytes, limit: memoryLimit)
    }

    private func flush() {
        while !unsent.isEmpty {
            let written = PipeEnds.send(unsent.prefix(1 << 16), to: server.input)
            if written > 0 {
                unsent = unsent.dropFirst(written)
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                // It reads no more; whether it has ended, its output tells.
                inputIsOpen = false
                unsent = []
            }
        }
        unsent = []
    }

    private func drainErrors() {
        guard let bytes = Self.readAvailable(server.errors) else {
            errorsAreOpen = false
            return
        }
        words.accept(bytes[...])
    }

    /// What can be read without waiting, up to a bound; nil at the end.
    private static func readAvailable(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { return Array(bytes.prefix(count)) }
            if count == 0 { return nil }
            if errno == EAGAIN { return [] }
            if errno != EINTR { return nil }
        }
    }
}

extension Duration {
    /// Those beyond whole seconds, rounded up, so that nobody waits for less than a millisecond again and again.
    fileprivate var wholeMilliseconds: Int64 { (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000 }
}
