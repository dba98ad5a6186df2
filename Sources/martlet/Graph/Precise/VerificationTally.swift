import LanguageServers
import ModelFiles

/// What came of asking language servers, for whoever reads the answer.
struct VerificationTally {
    private struct Counts {
        var time = Duration.zero
        var right = 0
        var wrong = 0
        /// Why uses stay as they were.
        var open: [String: Int] = [:]
        var failures: [ServerFailure] = []
        /// The last one.
        var refusal: RequestRefusal?
    }

    private var counts: [ServerEntry: Counts] = [:]
    /// Uses in languages that no server is here for.
    var missing: [String: Int] = [:]
    /// Uses beyond the limit.
    var notAsked = 0

    mutating func note(_ entry: ServerEntry, time: Duration, failures: some Sequence<ServerFailure>) {
        counts[entry, default: Counts()].time += time
        counts[entry, default: Counts()].failures += failures
    }

    mutating func note(_ entry: ServerEntry, isRight: Bool) {
        if isRight { counts[entry, default: Counts()].right += 1 } else { counts[entry, default: Counts()].wrong += 1 }
    }

    mutating func note(_ entry: ServerEntry, _ silence: DefinitionAnswer.Silence) {
        let reason =
            switch silence {
            case .nothingFound: "it knows no definition"
            case .timedOut: "no answer in time"
            case .outOfTime: "the time was over"
            case .refused: "it refused"
            case .serverFailed: "it failed"
            case .unreadableFile: "the file is no text"
            }
        noteOpen(entry, reason)
        if case .refused(let refusal) = silence { counts[entry, default: Counts()].refusal = refusal }
    }

    /// - Parameter reason: why a use stays as it was.
    mutating func noteOpen(_ entry: ServerEntry, _ reason: String) {
        counts[entry, default: Counts()].open[reason, default: 0] += 1
    }

    /// What uses come to is counted again in each pass; what was asked is not.
    mutating func beginPass() {
        counts = counts.mapValues { Counts(time: $0.time, failures: $0.failures) }
        missing = [:]
        notAsked = 0
    }

    /// - Parameters:
    ///   - guesses: servers that had to guess how files are compiled.
    ///   - memory: the most that a server held, in bytes.
    func sentences(guesses: Set<ServerEntry>, memory: (ServerEntry) -> Int) -> [String] {
        var sentences: [String] = []
        for (entry, counts) in counts.sorted(by: { $0.key.name < $1.key.name }) {
            for (number, failure) in counts.failures.enumerated() {
                let goesOn = number + 1 < counts.failures.count || counts.open["it failed"] == nil
                let end = goesOn ? "; it was started again." : ". Does it work? \(entry.installation)"
                sentences.append("\(entry.name): \(failure)\(end)")
            }
            let open = counts.open.values.reduce(0, +)
            let all = Self.uses(counts.right + counts.wrong + open)
            var line = "\(entry.name) was asked about \(all): "
            line += "\(counts.right) right, \(counts.wrong) wrong, \(open) not settled"
            if open > 0 {
                let reasons = counts.open.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                line += " and as they were (" + reasons.map { "\($0.value): \($0.key)" }.joined(separator: "; ") + ")"
            }
            if let refusal = counts.refusal { sentences.append("\(entry.name) refused: \(refusal.line)") }
            if open > 0, guesses.contains(entry) {
                sentences.append(
                    "there is no compile_commands.json, and so \(entry.name) guesses how files are compiled.")
            }
            let seconds = format(counts.time / .seconds(1), places: 1)
            sentences.append(line + ". \(seconds) s, \(ByteCount(memory(entry)))")
        }
        for (language, count) in missing.sorted(by: { $0.key < $1.key }) {
            let entries = ServerCatalogue().entries(for: language)
            let advice = entries.first.map { " Try: \($0.installation)" } ?? ""
            sentences.append(
                "no language server for \(language) is on this machine; \(Self.uses(count)) not checked.\(advice)")
        }
        return sentences
    }

    /// What was left out for the limit; nil for nothing.
    var leftOut: String? { notAsked > 0 ? "\(Self.uses(notAsked)) not asked about." : nil }

    private static func uses(_ count: Int) -> String { count == 1 ? "1 use" : "\(count) uses" }
}

extension RequestRefusal {
    /// What it says on its first line, which may go on for long.
    fileprivate var line: String {
        let line = message.split(whereSeparator: \.isNewline).first ?? ""
        return line.count > 200 ? line.prefix(199) + "…" : String(line)
    }
}
