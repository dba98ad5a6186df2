internal import Tensors

/// How far a model reads beyond the context that it was trained for, by YaRN over the same weights as its publisher
/// states it.
///
/// The factor is to be no larger than needed, since it costs a little on short texts: it is that of the wanted context
/// and the trained one.
/// - SeeAlso: the cards of Qwen2.5, Qwen3, Qwen3-Coder, Qwen3-Next and Qwen3.5, "Processing Long Texts"; Peng et al.
///   2023, arXiv:2309.00071.
package struct LongContext: Hashable, Sendable {
    /// Tokens of context that it may be given.
    package let longest: Int
    /// Tokens that the factor counts from.
    private let original: Int

    /// The longest contexts that are stated, by the names in `general.architecture`.
    private static let stated = [
        "qwen2": 131_072, "qwen3": 131_072, "qwen3moe": 1_048_576, "qwen3next": 1_010_000, "qwen35": 1_010_000,
        "qwen35moe": 1_010_000,
    ]
    private static let largestFactor = 4

    /// - Parameter trained: the context of the model's file.
    /// - Returns: nil where nothing beyond it is stated.
    package init?(architecture: String, trained: Int) {
        guard let stated = Self.stated[architecture] else { return nil }
        // Qwen3 was trained for 32,768 tokens; its configurations add 8,192 for a prompt to an answer of that length.
        original = trained == 40_960 ? 32_768 : trained
        longest = min(stated, Self.largestFactor * original)
        guard longest > trained else { return nil }
    }

    /// What positions are divided by to make room for `context` tokens.
    package func factor(for context: Int) -> Double { Double(context) / Double(original) }

    func scaling(for context: Int) -> RotaryScaling {
        .yarn(
            factor: factor(for: context), originalContext: original, betaFast: 32, betaSlow: 1, temperature: 1)
    }
}

extension Hyperparameters {
    /// Makes room for `wanted` tokens, by YaRN where neither the trained context nor the file's own scaling reaches.
    mutating func extend(to wanted: Int, file: String) throws(ModelError) {
        let long = ropeScaling == .none ? LongContext(architecture: architecture, trained: context) : nil
        longestContext = long?.longest ?? ropeScaling.reach(beyond: context)
        guard wanted <= longestContext else {
            throw .contextTooLong(wanted: wanted, trained: context, longest: longestContext, file: file)
        }
        guard let long, wanted > context else { return }
        ropeScaling = long.scaling(for: wanted)
        extensionFactor = long.factor(for: wanted)
    }
}

extension RotaryScaling {
    /// Tokens that a file's own scaling reaches: its context need not count what YaRN adds.
    fileprivate func reach(beyond context: Int) -> Int {
        guard case .yarn(let factor, let original, _, _, _) = self else { return context }
        return max(context, Int(min(factor * Double(original), Double(1 << 30))))
    }
}
