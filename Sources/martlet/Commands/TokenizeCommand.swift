import ArgumentParser
import Settings
import Tokenization

struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Turn standard input into token ids.")
    @OptionGroup var model: ModelArgument
    @Flag(help: "Print the ids alone, separated by spaces.")
    var ids = false
    @Flag(name: .customLong("no-special"), help: "Treat the texts of added tokens, such as <|im_end|>, as plain text.")
    var isPlain = false
    @Flag(help: "Add the tokens that the model expects at the beginning and the end.")
    var sequenceTokens = false
    @OptionGroup var store: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    private struct Report: Encodable {
        var ids: [TokenID]
        var texts: [String]
    }

    func run() throws {
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try store.add(to: &flags)
        let tokenizer = try ResolvedSettings(flags: flags).plan.loadTokenizer()
        let options = EncodingOptions(
            addedTokens: isPlain ? .plain : .recognized, addsSequenceTokens: sequenceTokens)
        let tokens = try StandardInput.readAll().withUnsafeBufferPointer { tokenizer.encode($0, options: options) }
        if report.json {
            try TextOutput.results.print(json: Report(ids: tokens, texts: tokens.map { text(of: $0, tokenizer) }))
        } else if ids {
            try TextOutput.results.write(line(of: tokens))
        } else {
            var table = Table(.right, .left)
            for token in tokens { table.add(String(token), quoted(text(of: token, tokenizer))) }
            try TextOutput.results.write(table.text)
        }
    }

    /// Digits by hand: a corpus makes millions of ids.
    private func line(of tokens: [TokenID]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(tokens.count * 6 + 1)
        var digits: [UInt8] = []
        for (index, token) in tokens.enumerated() {
            if index > 0 { line.append(UInt8(ascii: " ")) }
            var rest = UInt32(bitPattern: token)
            repeat {
                digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            } while rest > 0
            line.append(contentsOf: digits.reversed())
            digits.removeAll(keepingCapacity: true)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func text(of token: TokenID, _ tokenizer: Tokenizer) -> String {
        String(decoding: tokenizer.bytes(of: token) ?? [], as: UTF8.self)
    }

    private func quoted(_ text: String) -> String {
        "\""
            + text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
            .replacing("\r", with: "\\r").replacing("\"", with: "\\\"") + "\""
    }
}
