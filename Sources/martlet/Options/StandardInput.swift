import Foundation

/// What comes in through a pipe or a redirection.
enum StandardInput {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Everything up to the end.
    static func readAll() throws(CommandError) -> [UInt8] {
        try readToEnd(STDIN_FILENO, name: "standard input")
    }

    /// Everything, if something comes within `milliseconds` or the input has ended; nil when nothing came, as with a
    /// pipe that a parent process left open.
    static func readAll(ifWithin milliseconds: Int32) throws(CommandError) -> [UInt8]? {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, milliseconds) == 0 ? nil : try readAll()
    }
}

/// The bytes of a file that the user named.
func readFile(_ path: String) throws(CommandError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadableFile(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    return try readToEnd(descriptor, name: path)
}

private func readToEnd(_ descriptor: Int32, name: String) throws(CommandError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        } else if count == 0 {
            return bytes
        } else if errno != EINTR {
            throw .unreadableFile(path: name, reason: String(cString: strerror(errno)))
        }
    }
}
