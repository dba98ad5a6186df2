import Foundation

/// Both engines' greedy continuations of one prompt, and where they part.
package struct GreedyResult: Codable, Sendable {
    package var prompt: Int
    package var identical: Bool
    package var martlet: String
    package var peer: String
    package var difference: Difference?

    /// The first position where the engines chose different tokens, in martlet's logits.
    package struct Difference: Codable, Sendable {
        /// Generated tokens before it, the same in both.
        package var position: Int
        package var firstID: Int
        package var secondID: Int
        /// Logit of our first choice less that of our second.
        package var margin: Float
        /// llama.cpp's token there; nil where it had ended.
        package var peerID: Int?
        /// Logit of our first choice less our logit of llama.cpp's token.
        package var gap: Float?

        /// Rounding of activations to 8 bits moves logits by about this much, so either choice is right.
        static let tie: Float = 0.5

        package var isNearTie: Bool { (gap ?? margin) <= Self.tie }

        /// Judges a position by our logits there; nil with fewer than two logits.
        package init?(position: Int, logits: [Float], peerID: Int?) {
            let order = logits.indices.sorted { logits[$0] > logits[$1] }
            guard order.count >= 2 else { return nil }
            self.position = position
            (firstID, secondID) = (order[0], order[1])
            margin = logits[order[0]] - logits[order[1]]
            self.peerID = peerID
            gap = peerID.flatMap { logits.indices.contains($0) ? logits[order[0]] - logits[$0] : nil }
        }
    }
}

extension Comparison {
    mutating func compareGreedy() async throws {
        let file = URL(fileURLWithPath: plan.dataFolder + "/prompts.json")
        let prompts = try JSONDecoder().decode([String].self, from: Data(contentsOf: file)).prefix(plan.greedyPrompts)
        let server = try LlamaServer(llama)
        for (index, prompt) in prompts.enumerated() {
            let peer = try await server.complete(prompt, tokens: plan.greedyTokens)
            guard let martlet else {
                progress("prompt \(index): llama.cpp gave \(peer.ids.count) tokens")
                continue
            }
            let ours = try martlet.completion(of: prompt, tokens: plan.greedyTokens).run().text
            // A terminal line feed after the text is not part of it.
            let identical = ours == peer.text || ours == peer.text + "\n"
            var result = GreedyResult(prompt: index, identical: identical, martlet: ours, peer: peer.text)
            if !identical {
                let common = try await commonTokens(of: peer.ids, with: ours, server)
                // With every token spelt the same, only an unfinished character or line feed at the end differs.
                result.identical = common == plan.greedyTokens
                let prefix = try await server.tokenize(prompt) + peer.ids[..<common]
                if !result.identical {
                    result.difference = GreedyResult.Difference(
                        position: common, logits: try martlet.logits(after: prefix),
                        peerID: common < peer.ids.count ? peer.ids[common] : nil)
                }
            }
            report.greedy.append(result)
            progress("prompt \(index): " + Self.words(result))
        }
        guard martlet != nil else { return }
        let different = report.greedy.filter { !$0.identical }
        report.rows.append(
            .init(
                name: "greedy \(plan.greedyTokens) tokens on \(report.greedy.count) prompts",
                unit: "\(report.greedy.count - different.count) identical", target: "identical or a near-tie",
                met: different.allSatisfy { $0.difference?.isNearTie ?? false },
                note: different.map { "prompt \($0.prompt) " + Self.words($0) }.joined(separator: "; ")))
    }

    /// How many of the peer's tokens spell the start of our text.
    private func commonTokens(of ids: [Int], with text: String, _ server: LlamaServer) async throws -> Int {
        let bytes = Array(text.utf8)
        // The longest match counts: a shorter prefix can end inside a character and so seem different.
        for count in stride(from: ids.count, to: 0, by: -1) {
            if bytes.starts(with: Array(try await server.detokenize(Array(ids[..<count])).utf8)) { return count }
        }
        return 0
    }

    private static func words(_ result: GreedyResult) -> String {
        guard !result.identical else { return "identical" }
        guard let difference = result.difference else { return "differs, no logits to judge by" }
        let peer = difference.peerID.map {
            "llama.cpp chose \($0), \(Report.number(Double(difference.gap ?? 0))) below"
        }
        return
            "differs after \(difference.position) tokens: our top two are \(difference.firstID) and \(difference.secondID), "
            + "margin \(Report.number(Double(difference.margin))); \(peer ?? "llama.cpp ended")"
    }
}
