import Foundation
import Synchronization

/// How far something is, on one line of a terminal; elsewhere as a plain line now and then.
///
/// Never fails: progress that cannot be shown is no reason to stop.
final class ProgressBar: Sendable {
    private struct State {
        var isDrawn = false
        var lastPlainLine: ContinuousClock.Instant?
        var lastTenth = -1
    }

    private let output: TextOutput
    private let state = Mutex(State())
    private let redraws: Bool

    init(output: TextOutput, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.output = output
        redraws = output.isTerminal && environment["TERM"] != "dumb"
    }

    /// Shows the numbers. - total: nil when unknown.
    func update(received: Int, total: Int?, bytesPerSecond: Double, secondsLeft: Double?) {
        let facts = ProgressFacts(
            received: received, total: total, bytesPerSecond: bytesPerSecond, secondsLeft: secondsLeft)
        state.withLock { state in
            if redraws {
                try? output.write("\r" + facts.line(columns: columns) + "\u{1B}[K")
                state.isDrawn = true
            } else if isDue(facts, &state) {
                try? output.print(facts.text)
            }
        }
    }

    /// Prints a line of its own; the bar is drawn again below it.
    func note(_ line: String) {
        state.withLock { state in
            erase(&state)
            try? output.print(line)
        }
    }

    /// Removes the bar.
    func clear() {
        state.withLock { erase(&$0) }
    }

    private func erase(_ state: inout State) {
        if state.isDrawn { try? output.write("\r\u{1B}[K") }
        state.isDrawn = false
    }

    /// Every tenth of the way, though not every second, and every ten seconds: a log stays readable.
    private func isDue(_ facts: ProgressFacts, _ state: inout State) -> Bool {
        let now = ContinuousClock.now
        let tenth = (facts.percent ?? 0) / 10
        guard let last = state.lastPlainLine else {
            state.lastPlainLine = now
            state.lastTenth = tenth
            return false
        }
        guard now - last >= .seconds(tenth > state.lastTenth ? 1 : 10) else { return false }
        state.lastPlainLine = now
        state.lastTenth = tenth
        return true
    }

    private var columns: Int {
        var size = winsize()
        guard ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
