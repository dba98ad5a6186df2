import Foundation
import TestSupport
import Testing

/// The chat as a person meets it, in a real terminal.
@Suite("The chat", .serialized)
struct ChatTerminalTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private func chat(_ flags: String = "", columns: Int = 80) async throws -> TestTerminal {
        let model = try TestModel.path(of: TestModel.smollm2)
        let terminal = try await TestTerminal(
            "\(Repository.martlet) run '\(model)' --temperature 0 \(flags)", columns: columns,
            environment: ["HOME": home.path, "LANG": "C.UTF-8", "NO_COLOR": "1"])
        try await terminal.wait(for: "Ctrl-D leaves")
        return terminal
    }

    private func prompts(in screen: String) -> Int {
        screen.split(separator: "\n").count { $0.hasPrefix(">") }
    }

    @Test("answers, remembers what was said, and keeps what both prompts share")
    func conversation() async throws {
        let terminal = try await chat("--max-tokens 40")
        try await terminal.type("What is the capital of France?")
        try await terminal.press("Enter")
        try await terminal.wait(for: "Paris")
        try await terminal.wait(for: "tokens, ")
        try await terminal.type("What country did I ask about?")
        try await terminal.press("Enter")
        let screen = try await terminal.wait(for: "kept")
        #expect(screen.components(separatedBy: "France").count > 2)
        try await terminal.leave()
    }

    @Test("keeps several pasted lines together, tabs and letters beyond ASCII included")
    func paste() async throws {
        let terminal = try await chat("--max-tokens 2")
        try await terminal.paste("def größe(x):\n\treturn x + 1\nprint(größe(2))\n")
        let pasted = try await terminal.wait(for: "print(größe(2))")
        #expect(prompts(in: pasted) == 1)
        try await terminal.press("Enter")
        try await terminal.wait(for: "tokens, ")
        let file = home.path + "/talk.json"
        try await terminal.type("/save \(file)")
        try await terminal.press("Enter")
        try await terminal.wait(for: "Saved 2 messages")
        let saved = try String(contentsOfFile: file, encoding: .utf8)
        #expect(saved.contains(#""def größe(x):\n\treturn x + 1\nprint(größe(2))""#))
    }

    @Test("edits with the usual keys, and finds earlier lines again, in the next session too")
    func editing() async throws {
        let first = try await chat("--max-tokens 2")
        try await first.type("/hel wörld")
        try await first.press("C-a", "Right", "Right", "Right", "Right")
        try await first.type("px")
        try await first.press("BSpace", "C-k", "Enter")
        try await first.wait(for: "/clear         forget")
        try await first.press("Up")
        try await first.wait("the line again") { prompts(in: $0) == 2 && $0.contains("\n> /help\n") }
        try await first.press("C-c")
        try await first.wait("a new prompt") { prompts(in: $0) == 3 }
        try await first.leave()
        let second = try await chat()
        try await second.press("Up")
        try await second.wait(for: "> /help")
    }

    @Test("Ctrl-C stops the answer, then gives up a line, then says how to leave; the chat goes on")
    func interruption() async throws {
        let terminal = try await chat()
        try await terminal.type("Write a very long story about a bird, as long as you can.")
        try await terminal.press("Enter")
        try await terminal.wait("part of an answer") {
            $0.components(separatedBy: "long as you can.\n").last!.count > 60
        }
        try await terminal.press("C-c")
        try await terminal.wait(for: "stopped")
        try await terminal.type("half a line")
        try await terminal.press("C-c")
        try await terminal.wait("the line to be given up") { prompts(in: $0) == 3 }
        try await terminal.press("C-c")
        try await terminal.wait(for: "Ctrl-D or /exit leaves.")
        try await terminal.type("/clear")
        try await terminal.press("Enter")
        try await terminal.wait(for: "The conversation is forgotten.")
    }

    @Test("survives a terminal that becomes narrow while a line is typed")
    func resizing() async throws {
        let terminal = try await chat("--max-tokens 2")
        try await terminal.type("/system You answer in the fewest words that anybody could think of")
        try await terminal.resize(columns: 30, rows: 12)
        try await terminal.type(" today")
        try await terminal.press("Enter")
        try await terminal.wait("the whole message") {
            $0.replacing("\n", with: "").contains(
                "system message: You answer in the fewest words that anybody could think of today")
        }
    }

    /// The chat behind a shell in the same terminal.
    private func shell() async throws -> TestTerminal {
        let terminal = try await TestTerminal(
            "bash --norc --noprofile -i", environment: ["HOME": home.path, "LANG": "C.UTF-8", "NO_COLOR": "1"])
        let model = try TestModel.path(of: TestModel.smollm2)
        try await terminal.type("trap : HUP; \(Repository.martlet) run '\(model)'; echo $? > \(home.path)/status")
        try await terminal.press("Enter")
        try await terminal.wait(for: "Ctrl-D leaves")
        return terminal
    }

    @Test("Ctrl-Z stops the chat and gives the terminal back; fg brings the line back too")
    func suspension() async throws {
        let terminal = try await shell()
        try await terminal.type("/hel")
        try await terminal.press("C-z")
        try await terminal.wait(for: "Stopped")
        try await terminal.type("echo $((40 + 2))")
        try await terminal.press("Enter")
        try await terminal.wait(for: "\n42\n")
        try await terminal.type("fg")
        try await terminal.press("Enter")
        try await terminal.wait("the line again") { $0.contains("\n> /hel") && $0.contains("fg\n") }
        try await terminal.type("p")
        try await terminal.press("Enter")
        try await terminal.wait(for: "/clear         forget")
    }

    @Test("ends when its terminal is closed, as other programs do")
    func hangup() async throws {
        var terminal: TestTerminal? = try await shell()
        try await terminal?.type("half a line")
        terminal = nil
        let file = home.path + "/status"
        while (try? String(contentsOfFile: file, encoding: .utf8))?.hasSuffix("\n") != true {
            try await Task.sleep(for: .milliseconds(20))
        }
        // By the signal, or since nobody reads its output.
        #expect(["129\n", "141\n"].contains(try String(contentsOfFile: file, encoding: .utf8)))
    }

    @Test("takes a text of several lines between quotes, and mistyped commands are not sent to the model")
    func blocks() async throws {
        let terminal = try await chat("--max-tokens 2")
        try await terminal.type("/sytem")
        try await terminal.press("Enter")
        try await terminal.wait(for: "Did you mean /system?")
        try await terminal.type("\"\"\"one")
        try await terminal.press("Enter")
        try await terminal.type("two\"\"\"")
        try await terminal.press("Enter")
        try await terminal.wait(for: "tokens, ")
        try await terminal.type("/save \(home.path)/talk.json")
        try await terminal.press("Enter")
        try await terminal.wait(for: "Saved 2 messages")
        #expect(try String(contentsOfFile: home.path + "/talk.json", encoding: .utf8).contains(#""one\ntwo""#))
    }

    @Test("shows control characters of an answer instead of obeying them")
    func controlCharacters() async throws {
        let escape = try await CommandRun.martlet("tokenize", TestModel.smollm2, "--ids", input: "\u{1B}")
        let id = escape.text.trimmingCharacters(in: .whitespacesAndNewlines)
        // With that much in its favour the model says nothing else.
        let terminal = try await chat("--max-tokens 4 --logit-bias \(id)=1000")
        try await terminal.type("Hi")
        try await terminal.press("Enter")
        try await terminal.wait(for: "␛␛␛␛")
    }

    @Test("refuses a conversation beyond the context and goes on")
    func fullContext() async throws {
        let terminal = try await chat("--context 64 --max-tokens 4")
        try await terminal.paste(String(repeating: "word ", count: 100))
        try await terminal.press("Enter")
        try await terminal.wait(for: "--context")
        try await terminal.type("Hi")
        try await terminal.press("Enter")
        try await terminal.wait(for: "tokens, ")
    }
}
