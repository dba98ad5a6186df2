import ArgumentParser
import CodeGraph
import Settings

/// Whether language servers check an answer.
struct PreciseOptions: ParsableArguments {
    @Flag(
        help: """
            Have language servers check the answer: what they agree with is exact, what they contradict is left out. \
            They may run what the repository's build files say. See Docs/CodeGraph.md.
            """)
    var precise = false

    @Option(help: ArgumentHelp("Uses to ask language servers about at most, the likeliest first.", valueName: "count"))
    var preciseLimit = 200

    func validate() throws {
        guard preciseLimit > 0 else { throw ValidationError("--precise-limit takes a whole number above 0.") }
    }

    /// Goes through an answer, checked if that is asked for, and says what has come of it.
    func checked<Answer>(
        _ graph: GraphQueries, _ root: RepositoryRoot, _ body: (VerificationPass?) throws -> Answer
    ) throws -> Answer {
        guard precise else { return try body(nil) }
        let source = try LanguageServerSource(ResolvedSettings(), root)
        // Servers are ended in an orderly way then.
        InterruptSignal.catchFromNowOn()
        defer { source.shutDown() }
        source.begin { InterruptSignal.isNoted }
        let verifier = UseVerifier(source, limit: preciseLimit)
        let answer = try verifier.settled(graph, body)
        for sentence in verifier.sentences { try TextOutput.notes.print("martlet: \(sentence)") }
        if let leftOut = verifier.tally.leftOut {
            try TextOutput.notes.print("martlet: \(leftOut) To ask about more: --precise-limit")
        }
        return answer
    }
}
