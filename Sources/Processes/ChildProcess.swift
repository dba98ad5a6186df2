#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CPlatform

/// Why no program was started.
package struct ProcessFailure: Error, Hashable {
    /// What was tried.
    package var action: String
    /// The system's words.
    package var reason: String

    init(_ action: String, code: Int32) {
        self.action = action
        reason = unsafe String(cString: strerror(code))
    }
}

/// Starts programs of this machine.
package enum ChildProcess {
    /// Starts a program in a session of its own: keys that a terminal turns into signals do not reach it, and all that it
    /// starts can be found again. Of this process's descriptors it has those that it is given, and no others.
    /// - Parameters:
    ///   - words: the program's absolute path and its arguments.
    ///   - environment: all of it.
    ///   - folder: that it starts in; nil for this process's.
    ///   - descriptors: those that it has from 0 on. Their numbers here are above those there.
    /// - Returns: its process identifier.
    package static func start(
        _ words: [String], environment: [String: String], folder: String? = nil, descriptors: [Int32]
    ) throws(ProcessFailure) -> Int32 {
        precondition(descriptors.allSatisfy { $0 >= descriptors.count }, "one descriptor would take another's place")
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
        // Signals that this process blocks or ignores are usual ones for the child.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        if let folder { unsafe mp_spawn_in_folder(&actions, folder) }
        for (number, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        unsafe mp_spawn_closing_from(&actions, Int32(descriptors.count))
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { name, value in unsafe strdup("\(name)=\(value)") } + [nil]
        defer { for index in 0..<words.count { unsafe free(arguments[index]) } }
        defer { for index in 0..<environment.count { unsafe free(variables[index]) } }
        var identifier = pid_t()
        let code = unsafe posix_spawn(&identifier, words[0], &actions, &attributes, arguments, variables)
        guard code == 0 else { throw ProcessFailure("starting \(words[0])", code: code) }
        return identifier
    }
}
