package import Architectures
package import ModelFiles
package import Tokenization

/// A model file ready for text: weights, tokenizer, and the chat template that the file carries.
package struct LoadedModel: Sendable {
    package let language: LanguageModel
    package let tokenizer: Tokenizer

    /// Maps the file; nothing is read but its header and vocabulary.
    /// - Parameter context: tokens that it is to have room for, where they may be more than it was trained for.
    package init(path: String, context: Int? = nil) throws(LocalChatError) {
        do {
            language = try LanguageModel(path: path, context: context)
        } catch {
            throw .model(error)
        }
        do {
            tokenizer = try Tokenizer(TokenizerDefinition(gguf: language.metadata))
        } catch {
            throw .tokenizer(error, file: path)
        }
    }

    package var metadata: GGUFMetadata { language.metadata }
    package var path: String { language.path }
}
