/// How much of the machine a language server may take.
package struct ServerLimits: Hashable, Sendable {
    /// For one question.
    package var question: Duration
    /// For all questions of a run, which is one answer of ours, from its beginning.
    package var run: Duration
    /// Bytes that its processes may have resident.
    package var memory: Int
    /// Questions that it is at work on at a time.
    package var window = 8
    /// To end by itself when it is asked to.
    package var farewell = Duration.seconds(1)

    package init(run: Duration, memory: Int) {
        self.run = run
        self.memory = memory
        question = min(run, .seconds(30))
    }
}
