#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The two ends of a pipe, which no child inherits unless it is given one.
package struct PipeEnds {
    package let read: Int32
    package let write: Int32

    /// - Parameter lowest: the least number that an end may have.
    package init(from lowest: Int32 = 3) throws(ProcessFailure) {
        var ends: [Int32] = [-1, -1]
        guard unsafe makePipe(&ends) == 0 else { throw ProcessFailure("making a pipe", code: errno) }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, lowest) }
        let code = errno
        for end in ends { _ = closeEnd(end) }
        guard moved.allSatisfy({ $0 >= 0 }) else {
            for end in moved where end >= 0 { _ = closeEnd(end) }
            throw ProcessFailure("making a pipe", code: code)
        }
        (read, write) = (moved[0], moved[1])
    }

    package func closeRead() { _ = closeEnd(read) }

    package func closeWrite() { _ = closeEnd(write) }

    /// Has reads and writes return at once where there is nothing to read, or no room.
    package static func makeNonBlocking(_ end: Int32) {
        _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
    }
}

private let makePipe = unsafe pipe
private let closeEnd = close
