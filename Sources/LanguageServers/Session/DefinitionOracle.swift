/// Puts questions to a language server that it starts when it is needed, and again where that fails. The server lives on
/// from run to run. One thread at a time.
package final class DefinitionOracle {
    private let limits: ServerLimits
    /// When all has to be over, on the clock of the servers' channels.
    private var end: Duration
    private let start: (_ end: Duration) throws(ServerFailure) -> LanguageServer
    private var server: LanguageServer?
    /// What the server failed over in this run, first one first; it may have answered all the same.
    package private(set) var failures: [ServerFailure] = []
    /// A server that fails is started again this often.
    private static let recycleLimit = 1

    /// - Parameters:
    ///   - now: on the clock of the servers' channels.
    ///   - start: makes a server that is ready, until `end` at the latest.
    package init(
        limits: ServerLimits, now: Duration,
        start: @escaping (_ end: Duration) throws(ServerFailure) -> LanguageServer
    ) {
        self.limits = limits
        self.start = start
        end = now + limits.run
    }

    /// Begins another run, which has all of its time.
    /// - Parameters:
    ///   - now: on the clock of the servers' channels.
    ///   - changes: what became of files since the last one.
    package func begin(now: Duration, after changes: [FileChange]) {
        failures = []
        end = now + limits.run
        server?.resume(after: changes)
    }

    /// Asks in order, several at a time. Questions of one file ought to follow each other: a file is open as long as
    /// one of its questions is.
    /// - Parameters:
    ///   - companions: files that stay open from now on.
    ///   - text: of a file; nil for those that cannot be read.
    ///   - progress: told how many questions are done with.
    /// - Returns: an answer for each question.
    /// - Throws: only what says that nobody wants to know any more.
    package func ask(
        _ questions: [DefinitionQuestion], companions: [DefinitionQuestion.File] = [], text: (String) -> [UInt8]?,
        progress: (Int) -> Void = { _ in }
    ) throws(ServerFailure) -> [DefinitionAnswer] {
        var board = QuestionBoard(count: questions.count, limits: limits, end: end)
        while !board.isDone {
            guard failures.count <= Self.recycleLimit, failures.allSatisfy(\.isWorthAnotherTry) else {
                board.closeAll(.serverFailed)
                break
            }
            do throws(ServerFailure) {
                if server == nil { server = try start(end) }
                guard let server else { continue }
                try server.accompany(by: companions, until: end, text: text)
                try server.work(through: &board, questions, text: text, progress: progress)
            } catch .cancelled {
                throw .cancelled
            } catch {
                server = nil
                failures.append(error)
                board.serverEnded()
            }
        }
        return board.answers.map { $0 ?? .unanswered(.serverFailed) }
    }

    /// Asks the server to end, and sees to it that it does.
    package func shutDown() {
        server?.shutDown()
        server = nil
    }
}

extension ServerFailure {
    /// Whether another process of the same program may do better.
    var isWorthAnotherTry: Bool {
        switch self {
        case .ended, .overMemory, .unintelligible: true
        case .cannotStart, .notReady, .refused, .cancelled: false
        }
    }
}
