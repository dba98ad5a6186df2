internal import HTTP
import CodeGraph
import MCP
import ModelFiles
import Settings

/// The language servers of an MCP session. They are started by the first answer that needs them, and live on.
final class SessionServers {
    private let root: RepositoryRoot
    private var source: LanguageServerSource?
    /// Of the answer that is under way.
    private var cancellation = CancellationFlag()

    /// What an answer may take at most: clients give up after a minute.
    private static let longest = Duration.seconds(50)
    /// Uses that an answer asks about at most.
    private static let useLimit = 200

    init(_ root: RepositoryRoot) { self.root = root }

    /// Begins an answer. Servers that run are told of the files that have changed since the last one.
    func verifier(for store: GraphStore) throws -> UseVerifier {
        let source = try self.source ?? LanguageServerSource(ResolvedSettings(), root, longest: Self.longest)
        self.source = source
        let flag = CancellationFlag()
        cancellation = flag
        source.begin(files: try store.knownFiles().mapValues(\.hash)) { flag.isRaised }
        return UseVerifier(source, limit: Self.useLimit)
    }

    /// Asks what a pass has found, on a thread of its own. Cancelling ends all servers.
    nonisolated(nonsending) func ask(
        _ verifier: UseVerifier, _ report: @escaping @Sendable (CallProgress) -> Void
    ) async throws {
        let flag = cancellation
        // SAFETY: whoever asks waits for the answer, and answers come one at a time: nobody else has it meanwhile.
        nonisolated(unsafe) let verifier = verifier
        try await withTaskCancellationHandler {
            try await onOwnThread {
                try verifier.ask { server, done, total in
                    report(CallProgress(done: done, total: total, message: "\(server) checks uses"))
                }
            }
        } onCancel: {
            flag.raise()
        }
    }

    func end() {
        source?.shutDown()
        source = nil
    }
}
