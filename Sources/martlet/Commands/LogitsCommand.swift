import ArgumentParser
import Architectures
import Foundation
import Generation
import LocalChat
import Settings
import Tokenization

struct LogitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logits",
        abstract: "Print what the model gives for the next token.",
        discussion: "To compare with other engines: give token ids, so that no tokenizer is in between.")
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var model: ModelArgument
    @Option(help: "Token ids, as in 1,2,3.")
    var tokens: String
    @Flag(help: "Report every position instead of the last one.")
    var all = false
    @Option(help: ArgumentHelp("Candidates to list for each position (not with --json).", valueName: "count"))
    var top = 10
    @OptionGroup var engine: EngineOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try engine.add(to: &flags)
        let plan = try ResolvedSettings(flags: flags).plan
        let ids = try tokenIDs(in: tokens)
        guard !ids.isEmpty else { throw CommandError.noTokens }
        let language = try plan.loadLanguageModel()
        // A model without a usable tokenizer still has logits.
        let tokenizer = report.json ? nil : try? Tokenizer(TokenizerDefinition(gguf: language.metadata))
        let session = try Session(language, plan.sessionOptions(for: language, atLeast: ids.count, adapters: adapters))
        let wanted = (all ? 0 : ids.count - 1)..<ids.count
        // Written row by row: all rows together can be larger than the model.
        var failure: (any Error)?
        if report.json {
            try TextOutput.results.write("{\"vocabulary\":\(language.hyperparameters.vocabulary),\"logits\":[")
        }
        try session.evaluate(ids, wanted: wanted) { row, logits in
            guard failure == nil else { return }
            do {
                if report.json {
                    try TextOutput.results.write((row == wanted.lowerBound ? "" : ",") + jsonRow(logits))
                } else {
                    try printTop(of: logits, position: row, tokenizer: tokenizer)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        if report.json { try TextOutput.results.write("]}\n") }
    }

    /// The shortest digits that read back as the same numbers.
    private func jsonRow(_ logits: UnsafeMutableBufferPointer<Float>) -> String {
        var row = "["
        row.reserveCapacity(logits.count * 12)
        for (index, value) in logits.enumerated() {
            if index > 0 { row += "," }
            row += value.isFinite ? value.description : "null"
        }
        return row + "]"
    }

    private func printTop(
        of logits: UnsafeMutableBufferPointer<Float>, position: Int, tokenizer: Tokenizer?
    ) throws {
        let best = logits.indices.sorted { logits[$0] > logits[$1] }.prefix(max(1, top))
        let normaliser = logSumExp(UnsafeBufferPointer(logits))
        var table = Table(.right, .right, .right, .left)
        table.add("id", "logit", "probability", "text")
        for id in best {
            let text = String(decoding: tokenizer?.bytes(of: TokenID(id)) ?? [], as: UTF8.self)
            table.add(
                String(id), format(Double(logits[id]), places: 3),
                format(exp(Double(logits[id]) - normaliser), places: 4), text.debugDescription)
        }
        try TextOutput.results.write("position \(position)\n" + table.text)
    }
}

/// log(sum(exp(x))), without overflow.
func logSumExp(_ values: UnsafeBufferPointer<Float>) -> Double {
    var largest = -Float.infinity
    for value in values { largest = max(largest, value) }
    guard largest.isFinite else { return Double(largest) }
    var sum = 0.0
    for value in values { sum += Double(exp(value - largest)) }
    return Double(largest) + log(sum)
}
