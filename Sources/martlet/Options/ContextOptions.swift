import Architectures
import ModelFiles

extension ModelDimensions {
    /// What YaRN adds to the context that the model was trained for; nil where nothing is stated.
    var longContext: LongContext? { LongContext(architecture: architecture, trained: context) }

    /// Whether the model can be run with so many tokens.
    func takes(_ tokens: Int) -> Bool { tokens <= longContext?.longest ?? context }

    /// - Throws: where running the model with so many tokens would be refused.
    func check(context wanted: Int, of model: String) throws(CommandError) {
        guard !takes(wanted) else { return }
        throw .contextTooLong(wanted: wanted, longest: longContext?.longest ?? context, model: model)
    }
}
