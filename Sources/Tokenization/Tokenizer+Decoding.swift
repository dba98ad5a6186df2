/// How to turn tokens back into text.
package struct DecodingOptions: Hashable, Sendable {
    /// Writes control tokens such as `<|im_end|>` out; otherwise they leave nothing.
    package var rendersControlTokens: Bool
    /// Takes away the space that encoding put before the text (SentencePiece).
    package var removesSpacePrefix: Bool

    package init(rendersControlTokens: Bool = false, removesSpacePrefix: Bool = true) {
        self.rendersControlTokens = rendersControlTokens
        self.removesSpacePrefix = removesSpacePrefix
    }
}

extension Tokenizer {
    /// The bytes that a token stands for, which may be a part of a character; nil for ids outside the vocabulary.
    ///
    /// Control tokens are spelled out; padding of the vocabulary has no bytes.
    package func bytes(of id: TokenID) -> [UInt8]? {
        guard id >= 0, Int(id) < vocabularyCount else { return nil }
        return isPadding(id) ? [] : Array(model.vocabulary.bytes(of: id))
    }

    /// Whether a token stands for something other than text, or for nothing.
    package func isControl(_ id: TokenID) -> Bool {
        guard id >= 0, Int(id) < vocabularyCount, !isPadding(id) else { return true }
        let type = model.vocabulary.types[Int(id)]
        return type == .control || type == .unknown
    }

    /// What decoding writes for a token that is in the vocabulary.
    func appendDecoded(_ id: TokenID, rendersControlTokens: Bool, to output: inout [UInt8]) {
        guard rendersControlTokens ? !isPadding(id) : !isControl(id) else { return }
        output.append(contentsOf: model.vocabulary.bytes(of: id))
    }

    package func decode(
        _ ids: some Sequence<TokenID>, options: DecodingOptions = DecodingOptions()
    ) throws(TokenizerError) -> [UInt8] {
        var output: [UInt8] = []
        for id in ids {
            guard id >= 0, Int(id) < vocabularyCount else { throw .unknownTokenID(id, tokens: vocabularyCount) }
            appendDecoded(id, rendersControlTokens: options.rendersControlTokens, to: &output)
        }
        if options.removesSpacePrefix, spacePrefix != .none, output.first == UInt8(ascii: " ") {
            output.removeFirst()
        }
        return output
    }

    /// The text of `ids`; U+FFFD stands for each stretch that is not valid UTF-8.
    package func text(
        _ ids: some Sequence<TokenID>, options: DecodingOptions = DecodingOptions()
    ) throws(TokenizerError) -> String {
        String(decoding: try decode(ids, options: options), as: UTF8.self)
    }

    private func isPadding(_ id: TokenID) -> Bool {
        guard case .byteLevel = model.words else { return false }
        return model.vocabulary.types[Int(id)] == .unused
    }
}
