package import Chat

extension LocalChatError: RequestFault {
    package var refusal: RequestRefusal? {
        switch self {
        case .conversationTooLong(let tokens, let context, _):
            .contextExceeded(promptTokens: tokens, context: context)
        case .noChatTemplate:
            .unsupported(reason: "This model has no chat template: it is a base model. Use /v1/completions.")
        case .noFillInTheMiddle:
            .unsupported(reason: "This model has no tokens for filling in the middle. Leave out 'suffix'.")
        case .noRepositoryTokens:
            .unsupported(reason: "This model has no tokens for other files of a repository. Leave out 'input_extra'.")
        case .imageNotReadable:
            .unsupported(reason: "This model reads text, and a message has an image. Leave it out.")
        case .template(let error, _):
            .invalidConversation(reason: "The model's chat template does not take this conversation: \(error).")
        case .emptyPrompt: .unsupported(reason: "The prompt is empty, and this model has nothing to begin with.")
        case .unknownToken(let id, let vocabulary):
            .unsupported(
                reason: "The prompt has the token \(id), and the vocabulary has the ids 0 to \(vocabulary - 1).")
        case .grammar(let error): .unsupported(reason: "The answer can't be held to what was asked: \(error).")
        case .busy(let waiting): .busy(waiting: waiting)
        case .unknownAdapter(let name, let known): .unknownAdapter(name, known: known)
        case .adapter, .adapterNameTaken, .tooManyAdapters:
            .unsupported(reason: "The adapter cannot be loaded: \(self)")
        case .model, .tokenizer, .session, .draftVocabulary: nil
        }
    }
}
