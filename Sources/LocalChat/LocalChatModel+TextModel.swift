import Architectures
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
                let ids = try tokens(of: prompt)
                guard !ids.isEmpty else { throw LocalChatError.emptyPrompt }
                var rules = AnswerRules()
                if let request = AnswerGrammar.request(options.format) {
                    rules.constraint = try constraint(for: request)
                }
                return PreparedPrompt(tokens: ids, rules: rules)
            }
        }
        return answer(options) { [self] in
            let hole = FillInTheMiddle(
                prefix: try bytes(of: prompt), suffix: Array(suffix.utf8), path: nil, repository: "",
                otherFiles: prompt.otherFiles.map {
                    FillInTheMiddle.File(path: $0.path, content: Array($0.text.utf8))
                })
            return PreparedPrompt(
                tokens: try hole.tokens(for: model), rules: AnswerRules(ends: FillInTheMiddle.ends(of: model)))
        }
    }

    private func tokens(of prompt: TextPrompt) throws(LocalChatError) -> [TokenID] {
        var ids: [TokenID] = []
        for (index, piece) in prompt.pieces.enumerated() {
            switch piece {
            case .text(let text):
                ids += model.tokenizer.encode(text, options: EncodingOptions(addsSequenceTokens: index == 0))
            case .tokens(let given): ids += try checked(given)
            }
        }
        return ids
    }

    private func bytes(of prompt: TextPrompt) throws(LocalChatError) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in prompt.pieces {
            switch piece {
            case .text(let text): bytes += text.utf8
            case .tokens(let given):
                for id in try checked(given) { bytes += model.tokenizer.bytes(of: id) ?? [] }
            }
        }
        return bytes
    }

    private func checked(_ ids: [TokenID]) throws(LocalChatError) -> [TokenID] {
        let vocabulary = model.language.hyperparameters.vocabulary
        for id in ids where id < 0 || Int(id) >= vocabulary { throw .unknownToken(id, vocabulary: vocabulary) }
        return ids
    }
}
