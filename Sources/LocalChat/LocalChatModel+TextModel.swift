package import Chat
import Tokenization

extension LocalChatModel: TextModel {
    package var contextLength: Int { capacity }

    /// With a suffix the text between is wanted, which takes a model that was trained for it.
    package func complete(
        _ prompt: TextPrompt, options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        guard let suffix = prompt.suffix else {
            return answer(options) { [self] in
                let ids = model.tokenizer.encode(prompt.text)
                guard !ids.isEmpty else { throw LocalChatError.emptyPrompt }
                var rules = AnswerRules()
                if let request = AnswerGrammar.request(options.format) {
                    rules.constraint = try constraint(for: request)
                }
                return PreparedPrompt(tokens: ids, rules: rules)
            }
        }
        let hole = FillInTheMiddle(
            prefix: Array(prompt.text.utf8), suffix: Array(suffix.utf8), path: nil, repository: "",
            otherFiles: prompt.otherFiles.map { FillInTheMiddle.File(path: $0.path, content: Array($0.text.utf8)) })
        return answer(options) { [model] in
            PreparedPrompt(
                tokens: try hole.tokens(for: model), rules: AnswerRules(ends: FillInTheMiddle.ends(of: model)))
        }
    }
}
