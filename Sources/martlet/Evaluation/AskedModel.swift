import Chat
import Evaluation
import Foundation
import HTTP
import LocalChat
import RemoteChat
import Settings

/// Who answers a suite: a model of this machine, one behind an address, or an earlier run.
struct AskedModel {
    /// What reports call it.
    let name: String
    private let source: Source

    private enum Source {
        case local(SettingsPlan)
        case endpoint(Endpoint)
        case recorded(EvaluationRun)
    }

    /// - Parameter reference: `qwen2.5-coder:1.5b`, `model.gguf`, `openai:MODEL@URL`, `anthropic:MODEL`,
    ///   `recorded:results.jsonl`
    init(_ reference: String, engine: EngineOptions) throws {
        if reference.hasPrefix("recorded:") {
            let run = try EvaluationFiles.run(String(reference.dropFirst("recorded:".count)))
            source = .recorded(run)
            name = run.description.model
        } else if let endpoint = Endpoint(reference, environment: ProcessInfo.processInfo.environment) {
            source = .endpoint(endpoint)
            name = reference
        } else {
            var flags = SettingsLayer()
            try flags.setFlag(.model, .text(reference))
            try engine.add(to: &flags)
            let plan = try ResolvedSettings(flags: flags).plan
            source = .local(plan)
            name = plan.model
        }
    }

    /// Whether it can be relied on to go on with an answer that was begun for it.
    var continuesAnswers: Bool {
        switch source {
        case .local: true
        case .endpoint: false
        case .recorded(let run): run.description.prefilled ?? true
        }
    }

    /// - Parameter tasks: what it will be asked.
    func load(_ tasks: [SuiteTask]) throws -> any ChatModel {
        switch source {
        case .local(let plan):
            let loaded = try plan.loadModel()
            return try LocalChatModel(loaded, plan.sessionOptions(for: loaded))
        case .endpoint(let endpoint):
            let environment = ProcessInfo.processInfo.environment
            return RemoteChatModel(endpoint, client: HTTPClient(settings: HTTPSettings(environment: environment)))
        case .recorded(let run): return RecordedModel(run.results, tasks: tasks)
        }
    }
}
