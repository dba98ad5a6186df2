package import Architectures
package import ChatTemplates
package import Generation
package import Grammars
package import Tokenization

/// Why a local model could not answer.
package enum LocalChatError: Error, Sendable {
    case model(ModelError)
    case tokenizer(TokenizerError, file: String)
    /// A model that drafts has other tokens than the one that it drafts for, from this one on.
    case draftVocabulary(file: String, token: TokenID, model: String)
    case noChatTemplate(file: String)
    case template(ChatTemplateError, file: String)
    /// A message, counted from 1, holds an image.
    case imageNotReadable(message: Int, file: String)
    case session(SessionError)
    /// The conversation alone fills the context.
    case conversationTooLong(tokens: Int, context: Int, model: Int)
    case noFillInTheMiddle(file: String)
    case noRepositoryTokens(file: String)
    /// As many requests wait as may.
    case busy(waiting: Int)
    case emptyPrompt
    /// A prompt of tokens has one that the model has not.
    case unknownToken(Int32, vocabulary: Int)
    /// What the answer is to follow can't be followed.
    case grammar(GrammarError)
    case adapter(AdapterError)
    /// An adapter of that name is not loaded; `known` are.
    case unknownAdapter(String, known: [String])
    case adapterNameTaken(String)
    /// As many adapters are loaded as may be.
    case tooManyAdapters(limit: Int)
}

extension LocalChatError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .model(let error): return error.description
        case .tokenizer(let error, let file): return "the tokenizer in \(file) cannot be used: \(error)"
        case .draftVocabulary(let file, let token, let model):
            return """
                \(file) cannot draft for \(model): token \(token) is another one there. \
                Take a smaller model of the same family, or leave out --draft.
                """
        case .noChatTemplate(let file):
            return
                "\(file) has no chat template: it is a base model. Use --raw to continue a text, or pull an instruct model."
        case .template(let error, let file):
            return "the chat template in \(file) failed: \(error). Use --raw to go without it."
        case .imageNotReadable(let message, let file):
            return "message \(message) holds an image, and \(file) reads text only. Send the text without it."
        case .session(let error): return error.description
        case .conversationTooLong(let tokens, let context, let model):
            let more = context < model ? ", or give more with --context (the model takes \(model))" : ""
            return """
                the conversation has \(tokens) tokens and the context holds \(context). \
                Give a shorter text, start the chat over with /clear\(more).
                """
        case .noFillInTheMiddle(let file):
            return "\(file) has no tokens for filling in the middle. Use a code model, such as qwen2.5-coder:1.5b."
        case .noRepositoryTokens(let file):
            return
                "\(file) has no tokens for other files of a repository. Leave out --repo-file, or use qwen2.5-coder:1.5b."
        case .busy(let waiting):
            return "the model is busy and \(waiting) requests wait for it already. Try again in a moment."
        case .emptyPrompt: return "the prompt is empty. Give some text."
        case .unknownToken(let id, let vocabulary):
            return "the prompt has the token \(id), and the vocabulary has the ids 0 to \(vocabulary - 1)."
        case .grammar(let error): return "the answer can't be held to what was asked: \(error)."
        case .adapter(let error): return error.description
        case .unknownAdapter(let name, let known):
            let list = known.isEmpty ? "None is loaded" : "There is " + known.map { "'\($0)'" }.joined(separator: ", ")
            return "there is no adapter '\(name.prefix(200))'. \(list)."
        case .adapterNameTaken(let name):
            return "an adapter '\(name.prefix(200))' is loaded already. Unload it first, or give another name."
        case .tooManyAdapters(let limit): return "\(limit) adapters are loaded already. Unload one that is not needed."
        }
    }
}
