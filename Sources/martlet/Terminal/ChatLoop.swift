import Chat
import Foundation

/// A conversation in the terminal: reads lines, sends them to the model, shows the answers.
struct ChatLoop {
    private let model: any ChatModel
    private let editor: LineEditor
    private let options: ResponseOptions
    private let display = ChatDisplay()
    private let name: String
    private let capacity: Int
    private var system: String?
    private let initialSystem: String?
    private var messages: [Message] = []

    init(
        model: any ChatModel, editor: LineEditor, name: String, capacity: Int, system: String?, options: ResponseOptions
    ) {
        self.model = model
        self.editor = editor
        self.name = name
        self.capacity = capacity
        self.system = system
        initialSystem = system
        self.options = options
    }

    mutating func run() async throws {
        try display.note("\(name), \(grouped(capacity)) tokens of context. /help lists commands, Ctrl-D leaves.")
        InterruptSignal.catchFromNowOn()
        while let line = try readEntry() {
            if let command = SlashCommand(line) {
                if case .exit = command { break }
                try perform(command)
            } else {
                try await say(line.hasPrefix("//") ? String(line.dropFirst()) : line)
            }
        }
    }

    // MARK: Reading

    /// The next thing that is not empty; nil at the end.
    private func readEntry() throws -> String? {
        while true {
            switch try editor.read(prompt: "> ", isBold: TextOutput.results.allowsColor) {
            case .end:
                try TextOutput.results.print()
                return nil
            case .interrupt(let wasEmpty):
                try TextOutput.results.print()
                if wasEmpty { try display.note("Ctrl-D or /exit leaves.") }
            case .line(let line):
                guard let entry = try completed(line) else { continue }
                let text = entry.trimmingCharacters(in: .whitespacesAndNewlines)
                if text.isEmpty { continue }
                editor.remember(entry)
                return text
            }
        }
    }

    /// Reads on after a line that ends with a backslash, and after `"""` up to the next. Nil when it was given up.
    private func completed(_ first: String) throws -> String? {
        var text = first
        let quotes = "\"\"\""
        if first.hasPrefix(quotes) {
            text = String(first.dropFirst(quotes.count))
            while !text.hasSuffix(quotes) {
                guard let line = try continuation() else { return nil }
                text += "\n" + line
            }
            return String(text.dropLast(quotes.count))
        }
        let isPasted = first.contains("\n")
        while !isPasted, text.hasSuffix("\\") {
            guard let line = try continuation() else { return nil }
            text = text.dropLast() + "\n" + line
        }
        return text
    }

    private func continuation() throws -> String? {
        switch try editor.read(prompt: ". ", isBold: false) {
        case .line(let line): return line
        case .interrupt, .end:
            try TextOutput.results.print()
            return nil
        }
    }

    // MARK: Acting

    private mutating func say(_ text: String) async throws {
        _ = InterruptSignal.take()
        let conversation = (system.map { [Message(.system, $0)] } ?? []) + messages + [Message(.user, text)]
        do {
            let reply = try await untilInterrupted(model.respond(to: conversation, options: options))
            if let summary = reply.summary {
                try display.show(summary)
            } else {
                try display.note("stopped")
            }
            // What was said until Ctrl-C stays said; a question without an answer does not.
            if !reply.text.isEmpty { messages += [Message(.user, text), reply.message] }
        } catch let error as OutputError {
            throw error
        } catch {
            // The chat goes on: the next text may be shorter, or the context cleared.
            try TextOutput.notes.print(ErrorReport(error).text)
        }
    }

    /// Shows an answer; Ctrl-C ends it, also while the model still reads and there is nothing to show.
    private func untilInterrupted(
        _ events: AsyncThrowingStream<ChatEvent, any Error>
    ) async throws -> ChatDisplay.Reply {
        let answer = Task { [display] in try await display.show(events) }
        let watch = Task {
            while !InterruptSignal.isNoted { try await Task.sleep(for: .milliseconds(20)) }
            answer.cancel()
        }
        defer { watch.cancel() }
        return try await answer.value
    }

    private mutating func perform(_ command: SlashCommand) throws {
        switch command {
        case .help: try display.note(SlashCommand.listing)
        case .clear:
            messages = []
            try display.note("The conversation is forgotten.")
        case .system(let text):
            system = text.isEmpty ? initialSystem : text
            messages = []
            try display.note("The conversation starts over with this system message: \(system ?? "the model's own")")
        case .save(let path): try report { try save(to: (path as NSString).expandingTildeInPath) }
        case .load(let path): try report { try load(from: (path as NSString).expandingTildeInPath) }
        case .exit: break
        case .unknown(let name, let nearest):
            let hint = nearest.map { "Did you mean /\($0)?" } ?? "/help lists what there is."
            try display.note("There is no command /\(name). \(hint)")
        }
    }

    /// Runs something that may fail without ending the chat.
    private func report(_ body: () throws -> Void) throws {
        do { try body() } catch let error as CommandError { try TextOutput.notes.print(ErrorReport(error).text) }
    }

    private func save(to path: String) throws {
        guard !path.isEmpty else { return try display.note("Where to? /save FILE") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes, .sortedKeys]
        let all = (system.map { [Message(.system, $0)] } ?? []) + messages
        do {
            try (encoder.encode(all) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError.unwritableFile(path: path, reason: error.localizedDescription)
        }
        try display.note("Saved \(all.count) messages to \(path).")
    }

    private mutating func load(from path: String) throws {
        guard !path.isEmpty else { return try display.note("From where? /load FILE") }
        let data = Data(try readFile(path))
        guard var all = try? JSONDecoder().decode([Message].self, from: data) else {
            throw CommandError.notAConversation(path: path)
        }
        system = all.first?.role == .system ? all.removeFirst().content : initialSystem
        messages = all
        try display.note("Loaded \(all.count) messages from \(path).")
    }
}
