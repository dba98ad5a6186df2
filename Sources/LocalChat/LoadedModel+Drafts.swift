import Architectures
import Generation
import Tensors
import Tokenization

extension LoadedModel {
    /// - Throws: `draftVocabulary` where an id stands for something else in this model than in the one it is to draft for.
    ///
    /// One of the two may have more ids, as padding: what only one has is never drafted, or never right.
    func checkVocabulary(of other: LoadedModel) throws(LocalChatError) {
        let shared = min(tokenizer.vocabularyCount, other.tokenizer.vocabularyCount)
        for id in 0..<TokenID(shared) where tokenizer.bytes(of: id) != other.tokenizer.bytes(of: id) {
            throw .draftVocabulary(file: path, token: id, model: other.path)
        }
    }
}

extension SessionOptions {
    /// How to run a model that drafts for one that runs so.
    /// - Parameter context: tokens that the other one has room for.
    func forDrafts(by model: LoadedModel, context: Int) -> SessionOptions {
        var options = self
        options.context = min(context, model.language.hyperparameters.context)
        options.adapters = .none
        (options.drafts, options.lookup) = (0, false)
        return options
    }
}
