/// How many tokens of a prompt fit into a span of time, learnt from what passes took.
///
/// Tokens far behind the beginning cost more, since they see more: each doubling of the position has a pace of its own,
/// and behind where it was measured it counts as slower in proportion. A pure state machine.
struct ReadingPace: Sendable {
    private struct Measurement: Sendable {
        var tokensPerSecond: Double
        var position: Int
    }

    /// The latest by the binary logarithm of the position.
    private var measurements: [Measurement?] = []
    /// The latest pass without tokens of prompts.
    private var decode: (answers: Int, seconds: Double)?

    /// Tokens that are tried first.
    static let firstTokens = 16
    /// Prompts go on in any case, however slow the machine.
    static let fewestTokens = 4
    /// A pass that is planned for this share of the limit stays below it when a neighbour takes some of the machine.
    static let margin = 0.75
    /// Growth from one pass to the next: a pass that was quick by chance is no measure.
    private static let mostGrowth = 2.0

    /// A part of a prompt in a pass.
    struct Part: Hashable, Sendable {
        var position: Int
        var tokens: Int
    }

    /// Seconds for prompts in a pass that also continues answers, at these positions, and may take `limit`.
    func budget(within limit: Double, answers: [Int]) -> Double {
        var seconds = answers.reduce(0) { $0 + (self.seconds(Part(position: $1, tokens: 1)) ?? 0) }
        if let decode {
            seconds = max(seconds, decode.seconds * max(1, Double(answers.count) / Double(decode.answers)))
        }
        return max(Self.margin * limit - seconds, Self.margin * limit / 4)
    }

    /// Tokens of a prompt from `position` on that fit into `seconds`.
    func tokens(from position: Int, within seconds: Double) -> Int {
        guard let pace = pace(at: position) else { return Self.firstTokens }
        return Int(min(1e6, pace * seconds))
    }

    /// What `tokens` would take; nil while nothing is known.
    func seconds(_ part: Part) -> Double? { pace(at: part.position).map { Double(part.tokens) / $0 } }

    /// Takes note of a pass.
    /// - Parameters:
    ///   - parts: its tokens of prompts; empty where it only continued answers.
    ///   - answers: how many it continued.
    ///   - limit: what passes with running answers may take.
    mutating func record(_ parts: [Part], answers: Int, seconds: Double, limit: Double) {
        guard !parts.isEmpty else {
            decode = (answers, seconds)
            return
        }
        var own = seconds
        if let decode, answers > 0 {
            // Rather too little than too much: what is left counts as slow.
            let share = decode.seconds * min(1, Double(answers) / Double(decode.answers))
            own = max(seconds - share, seconds / 2)
        }
        let tokens = parts.reduce(0) { $0 + $1.tokens }
        var predicted = 0.0
        for part in parts { predicted += self.seconds(part) ?? seconds * Double(part.tokens) / Double(tokens) }
        // The last tokens of a prompt say little: reading the weights takes most of their time.
        let isFirst = parts.contains { pace(at: $0.position) == nil }
        guard tokens >= Self.firstTokens,
            isFirst || predicted >= Self.margin * limit / 4 || seconds > Self.margin * limit
        else { return }
        let correction = min(Self.mostGrowth, predicted / max(own, 1e-9))
        for part in parts {
            // A quick pass says something about the part that took most of it; a slow one warns of all.
            if correction > 1, 2 * (self.seconds(part) ?? predicted) < predicted { continue }
            let index = Self.index(part.position)
            let pace = pace(at: part.position).map { $0 * correction } ?? Double(tokens) / max(seconds, 1e-9)
            while measurements.count <= index { measurements.append(nil) }
            measurements[index] = Measurement(tokensPerSecond: pace, position: part.position)
        }
    }

    /// Before it, what tokens see costs next to nothing.
    private static let nearPosition = 512

    private static func index(_ position: Int) -> Int {
        Int.bitWidth - max(1, position / nearPosition).leadingZeroBitCount - 1
    }

    private func pace(at position: Int) -> Double? {
        let index = Self.index(position)
        let nearest =
            measurements.prefix(index + 1).compactMap(\.self).last
            ?? measurements.dropFirst(index + 1).compactMap(\.self).first
        guard let nearest else { return nil }
        // At worst all of the time went into what tokens see.
        let farther = Double(max(position, Self.nearPosition)) / Double(max(nearest.position, Self.nearPosition))
        return nearest.tokensPerSecond / max(1, farther)
    }
}
