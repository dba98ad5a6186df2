/// How much a program in a sandbox may use. Whoever reaches a limit is ended, and the outcome says by which.
package struct SandboxLimits: Hashable, Sendable {
    /// Of the processor, for each process.
    package var cpuSeconds = 10
    /// Of the clock, for all of it.
    package var wallSeconds = 20.0
    /// For all processes together, what they write to `/sandbox` and `/tmp` included.
    package var memoryBytes = 1 << 30
    package var processes = 64
    /// Of standard output, and as much of standard error.
    package var outputBytes = 1 << 20
    /// Of files in `/sandbox`, and as much in `/tmp`.
    package var fileBytes = 64 << 20

    package init() {}
}

/// What runs in a sandbox.
package struct SandboxedProgram: Hashable, Sendable {
    /// The program's absolute path as the sandbox has it, and its arguments.
    package var command: [String]
    /// Put into `/sandbox`, by their paths there; `/sandbox` is where the program starts, and is gone with it.
    package var files: [String: [UInt8]]
    /// Standard input.
    package var input: [UInt8]
    package var environment: [String: String]
    /// Folders and files of this machine that are there too, read-only, at the same paths; `/usr` is always.
    package var readable: [String]
    /// Whether there is a `/proc`, where it can reach into all other processes of its sandbox.
    package var seesProcesses = true

    package init(
        _ command: [String], files: [String: [UInt8]] = [:], input: [UInt8] = [], environment: [String: String] = [:],
        readable: [String] = []
    ) {
        self.command = command
        self.files = files
        self.input = input
        self.environment = environment
        self.readable = readable
    }
}

/// What became of a program.
package struct SandboxOutcome: Hashable, Sendable {
    /// How a program ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int)
        case signalled(Int)
        case ranOutOf(Limit)
    }

    /// What it had no more of.
    package enum Limit: String, Hashable, Sendable, Codable {
        case cpu, wall, memory, output
    }

    package var ending: Ending
    /// Standard output and error, up to the limit.
    package var output: [UInt8]
    package var errors: [UInt8]
    package var seconds: Double
    /// Of the processor, all processes together.
    package var cpuSeconds: Double

    /// Whether the program says so itself.
    package var hasSucceeded: Bool { ending == .exited(0) }
}
