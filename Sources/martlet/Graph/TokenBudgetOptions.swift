import ArgumentParser
import CodeGraph

/// How many tokens an answer may take, and who counts them.
struct TokenBudgetOptions: ParsableArguments {
    static let discussion = """
        Tokens are counted with the tokenizer of --model, or of the model of the settings when it is on this machine; \
        else they are estimated, rather too many than too few. What counts is all of the text, paths and line numbers \
        included. Files stand in the order of their paths, so that a small change leaves the beginning as it was; ⋮ \
        stands for symbols that were left out.
        With --json, an object: budget, tokens, counter (the model's name, or "estimate"), and items with path, line, \
        end_line, form ("signature" or "body"), symbol, kind, reason, depth and text.
        Exit status: 1 when there is nothing to show.
        """

    @OptionGroup var model: TokenModelOptions

    @Flag(help: "Print an object as JSON.")
    var json = false

    static func validate(_ tokens: Int) throws {
        guard tokens > 0 else { throw ValidationError("--tokens takes a whole number above 0.") }
    }

    /// - Parameter what: what there is none of, in a sentence of its own.
    /// - Throws: exit status 1 when the packet is empty.
    func print(_ packet: Packet, counter: TokenCounter, none what: String) throws {
        if json {
            try TextOutput.results.print(json: PacketReport(packet, counter: counter.name))
        } else if !packet.items.isEmpty {
            try TextOutput.results.write(packet.text)
        }
        if packet.items.isEmpty {
            try TextOutput.notes.print(what)
            throw ExitCode(1)
        }
        try TextOutput.notes.print(packet.size(by: counter))
    }
}

extension Packet {
    /// How much of the budget it takes, and who says so.
    func size(by counter: TokenCounter) -> String {
        "\(tokens) of \(budget) tokens, "
            + (counter.name == TokenCounter.estimate.name ? "estimated" : "counted as \(counter.name) does")
    }
}

/// What `map --json` and `context --json` print.
private struct PacketReport: Encodable {
    struct Item: Encodable {
        var path: String
        var line: Int
        var endLine: Int
        var form: Packet.Form
        var symbol: String
        var kind: String
        var reason: String?
        var depth: Int
        var text: String
    }

    var budget: Int
    var tokens: Int
    var counter: String
    var items: [Item]

    init(_ packet: Packet, counter: String) {
        budget = packet.budget
        tokens = packet.tokens
        self.counter = counter
        items = packet.items.map { item in
            Item(
                path: item.path, line: item.line, endLine: item.endLine, form: item.form, symbol: item.symbol,
                kind: item.kind.name, reason: item.reason, depth: item.depth, text: item.text)
        }
    }
}
