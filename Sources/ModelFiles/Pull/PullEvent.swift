/// What happens while a model is pulled, for whoever shows it.
package enum PullEvent: Sendable {
    /// Another process pulls the same model.
    case waitingForOtherPull(model: String)
    case alreadyPresent(model: String)
    case trying(source: String)
    case sourceFailed(source: String, reason: String)
    /// - total: bytes to fetch, as far as known. - present: bytes that an earlier pull left.
    case starting(source: String, total: Int?, present: Int)
    case progress(TransferProgress)
    case retrying(reason: String, afterSeconds: Double)
    /// What arrived was damaged although an earlier pull had begun it: once more from the start.
    case startingOver(file: String)
    case finishing
}

/// How far a transfer is.
package struct TransferProgress: Hashable, Sendable {
    package let received: Int
    package let total: Int?
    /// Over the last seconds.
    package let bytesPerSecond: Double

    package var secondsLeft: Double? {
        guard let total, bytesPerSecond > 0 else { return nil }
        return Double(max(0, total - received)) / bytesPerSecond
    }
}
