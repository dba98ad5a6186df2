import Architectures
package import Chat
import Foundation
import ModelFiles
import Tokenization

extension LoadedModel {
    /// What is told of it.
    package var facts: ModelFacts {
        var facts = ModelFacts()
        let source = language.source
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
        facts.chatTemplate = metadata.string("tokenizer.chat_template")
        let special = tokenizer.special
        facts.beginOfSequence = name(of: special.beginOfSequence)
        facts.endOfSequence = name(of: special.endOfSequence)
        facts.fillsInMiddle = special.fillInMiddle.middle != nil
        return facts
    }

    private func name(of token: TokenID?) -> String? {
        token.flatMap(tokenizer.bytes(of:)).map { String(decoding: $0, as: UTF8.self) }
    }
}
