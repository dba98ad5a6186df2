import Foundation

extension Comparison {
    /// Answers with and without drafts by lookup, in turn: an edit, where nearly everything is repeated, and prose, where
    /// nothing is.
    mutating func measureSpeculation() throws {
        guard let martlet else { return }
        let function = try String(contentsOfFile: plan.dataFolder + "/edit.py", encoding: .utf8)
        let edit = """
            Raise the default number of client retries from 3 to 5 in this function. Answer with the whole function, \
            changed, and nothing else.

            ```python
            \(function)```
            """
        var workloads = [("edit of \(function.split(separator: "\n").count) lines", edit, plan.editTokens, 2.5)]
        for (index, prompt) in Self.prosePrompts.enumerated() {
            workloads.append(("prose \(index + 1)", prompt, plan.proseTokens, 0.98))
        }
        for (name, prompt, tokens, ratio) in workloads {
            let contenders = ["lookup", "off"].map { way in
                Contender(side: .martlet, setting: way) {
                    let command = martlet.answer(to: prompt, tokens: tokens, speculation: way)
                    return [Metric.decode: try Martlet.speed(fromAnswer: command.run().standardOutput)]
                }
            }
            let standings = hold("speculation, \(name)", Contest(rounds: plan.rounds), contenders)
            add(
                "\(name), drafts by lookup", unit: "tokens/s", standings, Metric.decode, own: "lookup",
                reference: (.martlet, "off"), target: .ratio(atLeast: ratio))
        }
    }

    private static let prosePrompts = [
        "Write an essay about lighthouses and those who kept them.",
        "Explain to a child why the sky is blue and sunsets are red.",
        "Tell a story about a clockmaker who loses track of time.",
    ]
}
