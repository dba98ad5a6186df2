import ArgumentParser
import Chat
import Foundation
import LocalChat
import Settings
import Tokenization

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Chat with a model, or answer one prompt.",
        discussion: """
            With -p, or with something on standard input, one answer is printed as it is made; text on standard input \
            follows the prompt: git diff | martlet run -p "Review this change". Otherwise a chat begins; /help lists what \
            can be done there.
            """)
    @Argument(
        help: "Catalogue name, or the path of a GGUF file. Default: the setting 'model'.", completion: .storedModels)
    var model: String?
    // Unconditional: a prompt may begin with a dash.
    @Option(name: .shortAndLong, parsing: .unconditional, help: "Answer this and exit.")
    var prompt: String?
    @Option(help: "System message.")
    var system: String?
    @Flag(help: "Continue the prompt as it is, without the model's chat template.")
    var raw = false
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var answer: AnswerOptions
    @Option(help: ArgumentHelp("With --json, report each token with this many rivals.", valueName: "count"))
    var logprobs: Int?
    @Flag(help: "Print the answer as JSON when it is complete.")
    var json = false
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup(title: "Engine") var speculation: SpeculationOptions
    @OptionGroup(title: "Engine") var draft: DraftOptions

    func validate() throws {
        if raw, draft.draftModel != nil { throw ValidationError("--draft goes with a conversation, not with --raw.") }
        guard let logprobs else { return }
        guard json else { throw ValidationError("--logprobs goes with --json.") }
        guard (0...1000).contains(logprobs) else { throw ValidationError("--logprobs takes 0 to 1000.") }
    }

    func run() async throws {
        var flags = SettingsLayer()
        try flags.setFlag(.model, model.map(SettingValue.text))
        try flags.setFlag(.system, system.map(SettingValue.text))
        try engine.add(to: &flags)
        try speculation.add(to: &flags)
        try draft.add(to: &flags)
        try sampling.add(to: &flags)
        let settings = try ResolvedSettings(flags: flags)
        let plan = settings.plan
        if let text = try promptText() {
            if raw {
                try continueText(text, plan)
            } else {
                try await reply(to: text, plan)
            }
        } else {
            try await chat(plan, folders: settings.folders)
        }
    }

    private func responseOptions(_ plan: SettingsPlan) -> ResponseOptions {
        var options = plan.responseOptions(answer)
        options.logProbabilities = logprobs
        return options
    }

    /// What to answer; nil begins a chat.
    private func promptText() throws -> String? {
        if StandardInput.isTerminal { return raw ? try prompt.orThrow(CommandError.noPrompt) : prompt }
        // A prompt alone is enough to go on: a parent process may have left a pipe open that nothing comes through.
        let input =
            switch prompt {
            case nil: try StandardInput.readAll()
            case _?: raw ? nil : try StandardInput.readAll(ifWithin: 1500)
            }
        guard let input, !input.isEmpty else { return try prompt.orThrow(CommandError.noPrompt) }
        guard let text = String(validating: input, as: UTF8.self) else {
            throw CommandError.notText(path: "standard input")
        }
        return prompt.map { $0 + "\n\n" + text } ?? text
    }

    /// `--raw`: the completion alone goes to standard output.
    private func continueText(_ text: String, _ plan: SettingsPlan) throws {
        let loaded = try plan.loadModel()
        let ids = loaded.tokenizer.encode(text)
        guard !ids.isEmpty else { throw CommandError.noPrompt }
        let generator = try TextGenerator(loaded, plan.sessionOptions(for: loaded, adapters: adapters))
        var report = AnswerReport(model: plan.model)
        let summary = try generator.generate(ids, responseOptions(plan)) { event in
            if json {
                report.add(event)
            } else if case .text(let piece) = event {
                try TextOutput.results.write(answer: piece)
            }
        }
        if json {
            report.add(.finished(summary))
            return try TextOutput.results.print(json: report)
        }
        if TextOutput.results.isTerminal { try TextOutput.results.print() }
        try ChatDisplay().show(summary)
    }

    private func reply(to text: String, _ plan: SettingsPlan) async throws {
        let loaded = try plan.loadModel()
        let model = try LocalChatModel(
            loaded, plan.sessionOptions(for: loaded, adapters: adapters), draft: plan.loadDraftModel())
        var messages: [Message] = []
        if let system = plan.system { messages.append(Message(.system, system)) }
        messages.append(Message(.user, text))
        let events = model.respond(to: messages, options: responseOptions(plan))
        if json {
            var report = AnswerReport(model: plan.model)
            for try await event in events { report.add(event) }
            return try TextOutput.results.print(json: report)
        }
        let display = ChatDisplay()
        let reply = try await display.show(events)
        if let summary = reply.summary { try display.show(summary) }
    }

    private func chat(_ plan: SettingsPlan, folders: StandardFolders) async throws {
        let loaded = try plan.loadModel()
        let model = try LocalChatModel(
            loaded, plan.sessionOptions(for: loaded, adapters: adapters), draft: plan.loadDraftModel())
        guard let editor = LineEditor(history: folders.data + "/history") else { throw CommandError.noTerminal }
        var chat = ChatLoop(
            model: model, editor: editor, name: plan.model, capacity: model.capacity, system: plan.system,
            options: responseOptions(plan))
        try await chat.run()
    }
}

extension Optional {
    fileprivate func orThrow(_ error: some Error) throws -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
