import ModelFiles

/// Text to token ids and back. Safe to use from several threads at once.
package final class Tokenizer: Sendable {
    package let special: SpecialTokens
    let model: TokenModel
    let normalization: TokenizerDefinition.Normalization
    let spacePrefix: TokenizerDefinition.SpacePrefix
    /// Put before and after every text that asks for special tokens.
    let begin: TokenID?
    let end: TokenID?
    /// All added tokens, and those of them that are text.
    let addedTokens: AddedTokens
    let userDefinedTokens: AddedTokens
    let workspaces: WorkspacePool

    package init(_ definition: TokenizerDefinition) throws(TokenizerError) {
        try definition.validate()
        special = definition.special
        normalization = definition.normalization
        spacePrefix = definition.spacePrefix
        begin = definition.addsBeginOfSequence ? definition.special.beginOfSequence : nil
        end = definition.addsEndOfSequence ? definition.special.endOfSequence : nil
        switch definition.algorithm {
        case .byteLevelBPE(let preTokenizer):
            model = try TokenModel(byteLevel: definition, preTokenizer: preTokenizer)
        case .sentencePiece:
            model = try TokenModel(sentencePiece: definition)
        case .wordPiece(let normalization):
            model = try TokenModel(wordPiece: definition, normalization: normalization)
        }
        workspaces = WorkspacePool(model: model)
        addedTokens = AddedTokens(of: definition) { $0 == .control || $0 == .unknown || $0 == .userDefined }
        userDefinedTokens = AddedTokens(of: definition) { $0 == .userDefined }
    }

    /// How many ids there are, padding of the vocabulary included.
    package var vocabularyCount: Int { model.vocabulary.count }

    /// The tokens that end a generation.
    package var endOfGenerationIDs: Set<TokenID> { special.endOfGeneration }
}

extension TokenizerDefinition {
    /// Checks what does not depend on the algorithm.
    func validate() throws(TokenizerError) {
        guard tokens.count > 0 else { throw .emptyVocabulary }
        guard tokens.count < 1 << 28, tokens.bytes.count < 1 << 31 else {
            throw .vocabularyTooLarge(count: tokens.count, bytes: tokens.bytes.count)
        }
        guard types.isEmpty || types.count == tokens.count else {
            throw .countMismatch(list: "token types", count: types.count, tokens: tokens.count)
        }
        for (role, id) in special.roles {
            guard let id, id < 0 || Int(id) >= tokens.count else { continue }
            throw .specialTokenOutOfRange(role: role, id: Int(id), tokens: tokens.count)
        }
        if addsBeginOfSequence, special.beginOfSequence == nil {
            throw .missingSpecialToken(role: "a begin-of-sequence token")
        }
        if addsEndOfSequence, special.endOfSequence == nil {
            throw .missingSpecialToken(role: "an end-of-sequence token")
        }
    }

    /// The type of a token, normal where the file gives none.
    func type(of id: Int) -> TokenType { types.isEmpty ? .normal : types[id] }
}

extension SpecialTokens {
    var roles: [(String, TokenID?)] {
        [
            ("begin of sequence", beginOfSequence), ("end of sequence", endOfSequence), ("end of turn", endOfTurn),
            ("end of message", endOfMessage), ("unknown", unknown), ("padding", padding),
            ("fill-in-the-middle prefix", fillInMiddle.prefix), ("fill-in-the-middle suffix", fillInMiddle.suffix),
            ("fill-in-the-middle middle", fillInMiddle.middle), ("fill-in-the-middle padding", fillInMiddle.padding),
            ("repository name", fillInMiddle.repositoryName), ("file separator", fillInMiddle.fileSeparator),
        ] + endOfGeneration.map { ("end of generation", $0) }
    }
}
