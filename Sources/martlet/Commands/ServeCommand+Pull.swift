import Foundation
import ModelFiles
import Server
import WireFormats

extension ServeCommand {
    /// Fetches models for clients of Ollama's interface: those of the catalogue and of public sources, never files.
    /// A model that was fetched is served by the next `martlet serve`.
    static func pulling(into store: ModelStore) -> PullModel {
        { name in
            AsyncThrowingStream { continuation in
                let work = Task {
                    do {
                        if case .path = try ModelReference(name) { throw CommandError.noPullOfFiles(name) }
                        let puller = ModelPuller(store: store, environment: ProcessInfo.processInfo.environment)
                        _ = try await puller.pull(ModelPuller.Request(name)) { event in
                            if let step = OllamaPullStep(event) { continuation.yield(step) }
                        }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: APIError.badRequest("\(error)", parameter: "model"))
                    }
                }
                continuation.onTermination = { _ in work.cancel() }
            }
        }
    }
}

extension OllamaPullStep {
    /// Nil for what clients need not know.
    fileprivate init?(_ event: PullEvent) {
        switch event {
        case .waitingForOtherPull: self.init("waiting for another pull")
        case .trying: self.init("pulling manifest")
        case .starting(_, let total, let present): self.init("downloading", total: total, completed: present)
        case .progress(let progress):
            self.init("downloading", total: progress.total, completed: progress.received)
        case .finishing: self.init("verifying sha256 digest")
        case .alreadyPresent, .sourceFailed, .retrying, .startingOver: return nil
        }
    }
}
