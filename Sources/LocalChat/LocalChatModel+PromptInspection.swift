import Architectures
package import Chat
import Foundation
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

    package var facts: ModelFacts {
        var facts = ModelFacts()
        let source = model.language.source
        facts.path = source.path
        facts.byteCount = source.fileByteCount
        let attributes = try? FileManager.default.attributesOfItem(atPath: source.path)
        facts.modified = Int((attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)
        facts.quantization = source.quantisation
        if let dimensions = source.dimensions {
            facts.architecture = dimensions.architecture
            facts.parameterCount = dimensions.parameters
            facts.trainedContext = dimensions.context
            facts.vocabularyCount = dimensions.vocabulary
            facts.embeddingLength = dimensions.embedding
        }
        facts.chatTemplate = model.metadata.string("tokenizer.chat_template")
        let special = model.tokenizer.special
        facts.beginOfSequence = name(of: special.beginOfSequence)
        facts.endOfSequence = name(of: special.endOfSequence)
        facts.fillsInMiddle = special.fillInMiddle.middle != nil
        return facts
    }

    private func name(of token: TokenID?) -> String? {
        token.flatMap(model.tokenizer.bytes(of:)).map { String(decoding: $0, as: UTF8.self) }
    }
}
