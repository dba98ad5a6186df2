import CodeGraph
import LanguageServers

/// Has language servers check what the graph says that uses mean.
///
/// An answer is gone through in passes. Each takes what servers have said already and notes what they have to be asked;
/// they are asked between two passes, so that nothing of the index need be held while they think. The pass that has
/// nothing to ask gives the answer. One thread at a time.
final class UseVerifier {
    let source: LanguageServerSource
    /// Of uses that were asked about.
    private var answers: [UseQuestion: DefinitionAnswer] = [:]
    private var askedFiles: Set<String> = []
    /// What the pass found that has to be asked.
    private var waiting: [ServerQuestions] = []
    private var noted: Set<UseQuestion> = []
    /// Uses that may yet be asked about.
    private(set) var left: Int
    var tally = VerificationTally()

    /// - Parameters:
    ///   - source: in a run of this one's own.
    ///   - limit: uses that are asked about at most.
    init(_ source: LanguageServerSource, limit: Int) {
        self.source = source
        left = limit
    }

    // MARK: Passes

    /// Goes through an answer until nothing has to be asked any more.
    func settled<Answer>(_ graph: GraphQueries, _ body: (VerificationPass) throws -> Answer) throws -> Answer {
        while true {
            let answer = try body(pass(over: graph))
            guard isWaiting else { return answer }
            try ask()
        }
    }

    func pass(over graph: GraphQueries) -> VerificationPass {
        tally.beginPass()
        return VerificationPass(self, graph)
    }

    /// Whether servers have to be asked before the answer is known.
    var isWaiting: Bool { !waiting.isEmpty }

    func answer(to question: UseQuestion) -> DefinitionAnswer? { answers[question] }

    /// Whether something of that file may be known, or asked.
    func mayKnow(_ path: String) -> Bool { left > 0 || askedFiles.contains(path) }

    /// Notes what to ask a server. What is noted already counts once.
    func note(_ questions: ServerQuestions) {
        var fresh = questions
        fresh.questions = questions.questions.filter { noted.insert($0).inserted }
        guard !fresh.questions.isEmpty else { return }
        left -= fresh.questions.count
        waiting.append(fresh)
    }

    func isNoted(_ question: UseQuestion) -> Bool { noted.contains(question) }

    // MARK: Asking

    /// Asks servers what was noted.
    /// - Parameter progress: told how many uses of how many are done with, and by whom.
    func ask(progress: (_ server: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }) throws {
        defer { waiting = [] }
        for group in waiting {
            let name = group.server.entry.name
            let bar = CountProgress(of: "uses", total: group.questions.count, by: name)
            defer { bar.clear() }
            let oracle = source.oracle(group.server, includeFolders: group.includeFolders)
            let before = oracle.failures.count
            let start = ContinuousClock.now
            let found: [DefinitionAnswer]
            do throws(ServerFailure) {
                found = try oracle.ask(
                    group.questions.map(\.question), companions: group.companions, text: { group.texts[$0] },
                    progress: {
                        bar.update($0)
                        progress(name, $0, group.questions.count)
                    })
            } catch {
                // Nobody wants to know any more: all else becomes an answer.
                source.shutDown()
                throw CancellationError()
            }
            tally.note(
                group.server.entry, time: ContinuousClock.now - start, failures: oracle.failures.dropFirst(before))
            for (question, answer) in zip(group.questions, found) { answers[question] = answer }
            askedFiles.formUnion(group.questions.map(\.question.file.path))
        }
    }

    /// What has come of it, a sentence each. They begin as they go on after a name.
    var sentences: [String] { tally.sentences(guesses: source.guesses) { source.peakMemory(of: $0) } }
}

/// A use as a server is asked about it.
struct UseQuestion: Hashable {
    var question: DefinitionQuestion
    /// Of the file's text: where that changes, so may the answer.
    var digest: Int
}

/// What a server has to be asked, and shown for it.
struct ServerQuestions {
    var server: LanguageServerSource.Server
    /// Those of one file together.
    var questions: [UseQuestion]
    /// By absolute path.
    var texts: [String: [UInt8]]
    /// Open beside those that are asked about.
    var companions: [DefinitionQuestion.File]
    /// Absolute; only for a server that has to be told.
    var includeFolders: [String]
}
