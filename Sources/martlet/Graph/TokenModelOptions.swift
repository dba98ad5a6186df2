import ArgumentParser
import CodeGraph
import Settings
import Tokenization

/// The model whose tokens count.
struct TokenModelOptions: ParsableArguments {
    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("Model whose tokens count. Default: that of the settings.", valueName: "model"))
    var name: String?

    /// - Throws: when a model is named that is not here; that of the settings may be missing.
    func counter(for options: RepositoryOptions) throws -> TokenCounter { try loader(for: options)() }

    /// Loads the counter when it is called; that a named model is here is checked at once.
    func loader(for options: RepositoryOptions) throws -> @Sendable () throws -> TokenCounter {
        var flags = try options.flags()
        if let name { try flags.setFlag(.model, .text(name)) }
        let plan = try ResolvedSettings(flags: flags).plan
        let isNamed = name != nil
        if isNamed { _ = try plan.modelFile() }
        return {
            let tokenizer: Tokenizer
            do {
                tokenizer = try plan.loadTokenizer()
            } catch {
                if isNamed { throw error }
                return .estimate
            }
            // Texts of added tokens in code are code.
            let options = EncodingOptions(addedTokens: .plain, addsSequenceTokens: false)
            return TokenCounter(name: plan.model) { tokenizer.encode($0, options: options).count }
        }
    }
}
