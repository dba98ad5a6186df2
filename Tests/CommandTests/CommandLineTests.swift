import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
    @Test("prints its version at once")
    func version() async throws {
        let run = try await CommandRun.martlet("--version")
        #expect(run.status == 0)
        #expect(run.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        // Processor time: the wall clock belongs to the tests that run beside this one.
        let timed = try await CommandRun.shell("TIMEFORMAT='%U %S'; time $martlet --version >/dev/null")
        let seconds = timed.errors.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        #expect(seconds.count == 2 && seconds[0] + seconds[1] < 0.05, "\(timed.errors)")
    }

    @Test("prints help to standard output and succeeds")
    func help() async throws {
        for arguments in [["--help"], ["help"], []] {
            let run = try await CommandRun.run(Repository.martlet, arguments)
            #expect(run.status == 0)
            #expect(run.text.contains("SUBCOMMANDS:"))
            #expect(run.errors.isEmpty)
        }
    }

    @Test(
        "refuses what it does not understand with status 2 and a suggestion",
        arguments: [
            (["confg"], "martlet: there is no command 'confg'. Did you mean 'config'?"),
            (["config", "show", "--thread", "3"], "Did you mean '--threads'?"),
            (["config", "show", "--threads", "many"], "many"),
            (["config", "show", "--threads", "0"], "from 1 to 1024"),
        ])
    func misuse(arguments: [String], expected: String) async throws {
        let run = try await CommandRun.run(Repository.martlet, arguments)
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("martlet: "))
        #expect(run.errors.contains(expected))
        #expect(run.output.isEmpty)
    }

    @Test("is quiet when the reader of its output goes away")
    func brokenPipe() async throws {
        let run = try await CommandRun.shell("(sleep 0.2; $martlet config show; echo $? >&2) | true")
        #expect(run.errors == "141\n")
    }

    @Test("says that output was lost when the disk is full")
    func fullDisk() async throws {
        let run = try await CommandRun.shell("$martlet config show >/dev/full")
        #expect(run.status == 2)
        #expect(run.errors.contains("could not be written"))
    }

    @Test("offers completions for every shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let run = try await CommandRun.martlet("--generate-completion-script", shell)
        #expect(run.status == 0)
        #expect(run.text.contains("config"))
    }
}
