internal import HTTP
package import Chat
import ModelFiles
import Tokenization

extension LocalChatModel: PromptInspection {
    package func promptText(of messages: [Message], tools: [ToolDefinition]) async throws -> String {
        try await onOwnThread { [self] in try prompt(of: messages, tools: tools).text }
    }

    package func tokenCount(of messages: [Message], tools: [ToolDefinition]) async throws -> Int {
        try await onOwnThread { [self] in try tokens(of: messages, tools: tools).count }
    }

    package func tokens(
        of text: String, addsSequenceTokens: Bool, readsControlTokens: Bool
    ) async throws -> [TextToken] {
        let options = EncodingOptions(
            addedTokens: readsControlTokens ? .recognized : .plain, addsSequenceTokens: addsSequenceTokens)
        let tokenizer = model.tokenizer
        return await onOwnThread {
            tokenizer.encode(text, options: options).map {
                TextToken(id: $0, bytes: tokenizer.bytes(of: $0) ?? [])
            }
        }
    }

    package func bytes(of tokens: [Int32]) async -> [UInt8]? {
        try? model.tokenizer.decode(
            tokens, options: DecodingOptions(rendersControlTokens: true, removesSpacePrefix: false))
    }

    package var facts: ModelFacts { model.facts }
}
