import ArgumentParser
import Settings
import Tokenization

struct DetokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detokenize", abstract: "Turn token ids, from the arguments or standard input, into text.")
    @OptionGroup var model: ModelArgument
    @Argument(help: "Token ids. Without any, standard input is read: numbers between spaces, commas or brackets.")
    var ids: [String] = []
    @Flag(name: .customLong("no-special"), help: "Leave out control tokens, such as <|im_end|>.")
    var leavesOutControl = false
    @OptionGroup var store: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    private struct Report: Encodable {
        var text: String
    }

    func run() throws {
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try store.add(to: &flags)
        let tokenizer = try ResolvedSettings(flags: flags).plan.loadTokenizer()
        let source =
            ids.isEmpty ? String(decoding: try StandardInput.readAll(), as: UTF8.self) : ids.joined(separator: " ")
        let bytes = try tokenizer.decode(
            try tokenIDs(in: source), options: DecodingOptions(rendersControlTokens: !leavesOutControl))
        if report.json {
            try TextOutput.results.print(json: Report(text: String(decoding: bytes, as: UTF8.self)))
        } else {
            try TextOutput.results.write(bytes)
        }
    }
}

/// The numbers of a list as people write them: `1 2 3`, `1,2,3` or `[1, 2, 3]`.
func tokenIDs(in text: String) throws(CommandError) -> [TokenID] {
    var ids: [TokenID] = []
    let separators: Set<UInt8> = Set(" ,;[]\n\r\t".utf8)
    for word in text.utf8.split(whereSeparator: separators.contains) {
        guard let id = TokenID(String(decoding: word, as: UTF8.self)) else {
            throw .notAToken(String(decoding: word, as: UTF8.self))
        }
        ids.append(id)
    }
    return ids
}
