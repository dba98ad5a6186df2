/// How to encode a text.
package struct EncodingOptions: Hashable, Sendable {
    package enum AddedTokenText: Hashable, Sendable {
        /// The text of any added token becomes that token.
        case recognized
        /// Control tokens such as `<|im_end|>` are text; those that are text anyway, such as `<tool_call>`, are not.
        case userDefinedOnly
        /// All of it is text.
        case plain
    }

    package var addedTokens: AddedTokenText
    /// Puts begin and end of sequence around the text where the model's file says so.
    package var addsSequenceTokens: Bool

    package init(addedTokens: AddedTokenText = .recognized, addsSequenceTokens: Bool = true) {
        self.addedTokens = addedTokens
        self.addsSequenceTokens = addsSequenceTokens
    }
}

extension Tokenizer {
    package func encode(_ text: String, options: EncodingOptions = EncodingOptions()) -> [TokenID] {
        var text = text
        return text.withUTF8 { encode($0, options: options) }
    }

    /// Encodes bytes, which need not be valid UTF-8: what isn't is kept as bytes.
    package func encode(
        _ text: UnsafeBufferPointer<UInt8>, options: EncodingOptions = EncodingOptions()
    ) -> [TokenID] {
        workspaces.withWorkspace { workspace in
            if options.addsSequenceTokens, let begin { workspace.output.append(begin) }
            encodeSegments(of: text, options.addedTokens, &workspace)
            if options.addsSequenceTokens, let end { workspace.output.append(end) }
            return Array(UnsafeBufferPointer(start: workspace.output.base, count: workspace.output.count))
        }
    }

    private func encodeSegments(
        of text: UnsafeBufferPointer<UInt8>, _ addedTokenText: EncodingOptions.AddedTokenText,
        _ workspace: inout Workspace
    ) {
        var start = 0
        if addedTokenText != .plain {
            let added = addedTokenText == .recognized ? addedTokens : userDefinedTokens
            while let (token, range) = added.first(in: text, from: start) {
                encodeSegment(start..<range.lowerBound, of: text, &workspace)
                workspace.output.append(token)
                start = range.upperBound
            }
        }
        encodeSegment(start..<text.count, of: text, &workspace)
    }

    /// Encodes a stretch of text between added tokens.
    private func encodeSegment(
        _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ workspace: inout Workspace
    ) {
        guard !range.isEmpty else { return }
        let segment = UnsafeBufferPointer(rebasing: text[range])
        if normalization == .nfc, let normalized = CanonicalForm.composed(segment) {
            normalized.withUnsafeBufferPointer { encodeNormalized($0, isFirst: range.lowerBound == 0, &workspace) }
        } else {
            encodeNormalized(segment, isFirst: range.lowerBound == 0, &workspace)
        }
    }

    private func encodeNormalized(
        _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, _ workspace: inout Workspace
    ) {
        switch model.words {
        case .byteLevel(let preTokenizer):
            preTokenizer.cut(text, into: &workspace)
        case .wordPiece(let normalization, _):
            normalization.cut(text, into: &workspace)
        case .sentencePiece(let splitsAtSpaces):
            let isPrefixed = spacePrefix == .everySegment || (spacePrefix == .firstSegment && isFirst)
            let escaped = (isPrefixed ? [UInt8(ascii: " ")] : []) + SentencePieces.unescaped(text)
            escaped.withUnsafeBufferPointer { escaped in
                if splitsAtSpaces {
                    SentencePieceWords().cut(escaped, into: &workspace)
                } else {
                    OneWord().cut(escaped, into: &workspace)
                }
            }
        }
    }
}
