#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CPlatform

/// A program that was started with pipes for its standard input, output and errors, in a session of its own: keys that
/// a terminal turns into signals do not reach it, and all that it starts can be found again.
struct SpawnedServer {
    let identifier: pid_t
    /// Ends of the pipes that are kept here; none of them blocks.
    let input: Int32
    let output: Int32
    let errors: Int32

    /// - Parameters:
    ///   - command: the program's absolute path and its arguments.
    ///   - folder: that it starts in.
    init(_ command: [String], environment: [String: String], folder: String) throws(ServerFailure) {
        var pipes: [(read: Int32, write: Int32)] = []
        func closeAll() { for ends in pipes { _ = (close(ends.read), close(ends.write)) } }
        for _ in 0..<3 {
            guard let ends = Self.ends() else {
                closeAll()
                throw .cannotStart(program: command[0], reason: Self.reason(errno))
            }
            pipes.append(ends)
        }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
            let flags =
                POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            var actions = unsafe posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            let flags = 0x80 /* POSIX_SPAWN_SETSID */ | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        #endif
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Signals that this process blocks or ignores are usual ones for the server.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        unsafe mp_spawn_in_folder(&actions, folder)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipes[0].read, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipes[1].write, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipes[2].write, 2)
        let words = unsafe command.map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { name, value in unsafe strdup("\(name)=\(value)") } + [nil]
        defer { for index in 0..<command.count { unsafe free(words[index]) } }
        defer { for index in 0..<environment.count { unsafe free(variables[index]) } }
        var identifier = pid_t()
        let code = unsafe posix_spawn(&identifier, command[0], &actions, &attributes, words, variables)
        guard code == 0 else {
            closeAll()
            throw .cannotStart(program: command[0], reason: Self.reason(code))
        }
        close(pipes[0].read)
        close(pipes[1].write)
        close(pipes[2].write)
        self.identifier = identifier
        (input, output, errors) = (pipes[0].write, pipes[1].read, pipes[2].read)
        for descriptor in [input, output, errors] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
    }

    /// Nil when there are no more descriptors. No other child inherits the ends.
    private static func ends() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe makePipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

private let makePipe = unsafe pipe
