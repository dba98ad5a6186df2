import Foundation

/// A real terminal, driven by tmux: what a person sees after typing.
package final class TestTerminal: Sendable {
    private let socket: String
    private let folder: TemporaryFolder

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Starts a shell command in a terminal of its own.
    package init(
        _ command: String, columns: Int = 80, rows: Int = 24, environment: [String: String] = [:]
    ) async throws {
        folder = try TemporaryFolder()
        socket = folder.path + "/tmux"
        // Settings of the person who runs the tests stay out; the pane stays when the command has ended.
        let settings = try folder.write("set -g remain-on-exit on\nset -g history-limit 5000\n", to: "tmux.conf")
        let variables = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        // The server outlives its starter: it must not hold the test runner's pipes open.
        let start = "for fd in /proc/self/fd/*; do fd=${fd##*/}; [ $fd -gt 2 ] && exec {fd}>&-; done; exec tmux \"$@\""
        let run = try await CommandRun.run(
            "/bin/bash",
            [
                "-c", start, "tmux", "-S", socket, "-f", settings, "new-session", "-d", "-x", String(columns), "-y",
                String(rows),
                "env \(variables) \(command)",
            ])
        guard run.status == 0 else { throw Failure(description: "tmux did not start: \(run.errors)") }
    }

    deinit {
        let server = try? SpawnedProcess(
            "/usr/bin/env", ["tmux", "-S", socket, "kill-server"], input: "/dev/null", output: "/dev/null",
            errors: "/dev/null", environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], folder: nil)
        var status: Int32 = 0
        if let server { waitpid(server.identifier, &status, 0) }
    }

    @discardableResult
    private func tmux(_ arguments: String...) async throws -> String {
        let run = try await CommandRun.run("/usr/bin/env", ["tmux", "-S", socket] + arguments)
        guard run.status == 0 else { throw Failure(description: "tmux \(arguments): \(run.errors)") }
        return run.text
    }

    /// Presses keys by their tmux names (`Enter`, `C-c`, `Up`), one after another.
    package func press(_ keys: String...) async throws {
        for key in keys { try await tmux("send-keys", key) }
    }

    /// Ends the program by Ctrl-D and waits until it is gone. Asks tmux, which does not always draw that it is.
    package func leave() async throws {
        try await press("C-d")
        let end = ContinuousClock.now + .seconds(300)
        while try await !tmux("list-panes", "-F", "#{pane_dead}").hasPrefix("1") {
            guard ContinuousClock.now < end else {
                throw Failure(description: "the program goes on after Ctrl-D; the screen shows:\n\(try await screen())")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Types text as it is.
    package func type(_ text: String) async throws {
        try await tmux("send-keys", "-l", text)
    }

    /// Pastes text as terminals do when the program asked for brackets.
    package func paste(_ text: String) async throws {
        let file = try folder.write(text, to: "paste")
        try await tmux("load-buffer", file)
        try await tmux("paste-buffer", "-p")
    }

    package func resize(columns: Int, rows: Int) async throws {
        try await tmux("resize-window", "-x", String(columns), "-y", String(rows))
    }

    /// All lines so far, those that scrolled away included; wrapped lines are joined.
    package func screen() async throws -> String {
        try await tmux("capture-pane", "-p", "-J", "-S", "-")
    }

    /// The screen once it contains `text`.
    @discardableResult
    package func wait(for text: String, seconds: Double = 300) async throws -> String {
        try await wait(seconds: seconds, "'\(text)'") { $0.contains(text) }
    }

    /// The screen once it meets a condition.
    @discardableResult
    package func wait(
        seconds: Double = 300, _ what: String, until condition: (String) -> Bool
    ) async throws -> String {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let screen = try await screen()
            if condition(screen) { return screen }
            if ContinuousClock.now > end {
                throw Failure(description: "waited \(seconds) s for \(what); the screen shows:\n\(screen)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
