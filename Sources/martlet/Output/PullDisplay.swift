import ModelFiles
import Synchronization

/// Shows on standard error what happens during a pull.
final class PullDisplay: Sendable {
    private let isQuiet: Bool
    private let bar = ProgressBar(output: .notes)
    private let present = Mutex(false)

    /// - quiet: say nothing of a model that is here already.
    init(quiet: Bool) {
        isQuiet = quiet
    }

    /// Whether the model turned out to be here.
    var wasPresent: Bool { present.withLock { $0 } }

    func show(_ event: PullEvent) {
        switch event {
        case .waitingForOtherPull(let model):
            bar.note("Another process is pulling \(model): waiting for it.")
        case .alreadyPresent(let model):
            present.withLock { $0 = true }
            if !isQuiet { bar.note("\(model) is here already.") }
        case .trying:
            break
        case .sourceFailed(let source, let reason):
            bar.note("Not from \(shortened(source)): \(reason)")
        case .starting(let source, let total, let present):
            let size = total.map { " (\(ByteCount($0)))" } ?? ""
            let rest = present > 0 ? ", continuing at \(ByteCount(present))" : ""
            bar.note("Pulling from \(shortened(source))\(size)\(rest)")
        case .progress(let progress):
            bar.update(
                received: progress.received, total: progress.total, bytesPerSecond: progress.bytesPerSecond,
                secondsLeft: progress.secondsLeft)
        case .retrying(let reason, let seconds):
            bar.note("\(reason) Trying again in \(seconds.fixed(decimals: seconds < 10 ? 1 : 0)) s.")
        case .startingOver(let file):
            bar.note("\(file) arrived damaged after an interruption: fetching it once more.")
        case .finishing:
            bar.clear()
        }
    }

    func end() { bar.clear() }

    /// A list of wheels is long; the first tells enough.
    private func shortened(_ source: String) -> String {
        source.count <= 100 ? source : source.prefix(97) + "..."
    }
}
