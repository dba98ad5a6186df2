import ModelFiles

/// A vocabulary with its merges: turns one word into tokens.
final class TokenModel: Sendable {
    enum Words: Sendable {
        case byteLevel(PreTokenizer)
        /// - splitsAtSpaces: no token reaches over the start of a run of spaces, so words end there.
        case sentencePiece(splitsAtSpaces: Bool)
        /// - longest: bytes of the longest piece.
        case wordPiece(BertNormalization, longest: Int)
    }

    let vocabulary: Vocabulary
    let merges: MergeTable
    let words: Words
    let prefersWholeWords: Bool
    /// SentencePiece: the token of each byte of a character that is no token, or -1.
    let fallbackTokens: FixedTable<TokenID>
    let unknownToken: TokenID

    /// Byte-level BPE.
    init(byteLevel definition: TokenizerDefinition, preTokenizer: PreTokenizer) throws(TokenizerError) {
        let types = definition.tokens.indices.map(definition.type(of:))
        let (spellings, isFindable) = Self.byteSpellings(of: definition.tokens, types: types)
        vocabulary = try Vocabulary(spellings: spellings, types: types, isFindable: isFindable)
        merges = try Self.merges(definition.merges, vocabulary: vocabulary)
        words = .byteLevel(preTokenizer)
        prefersWholeWords = definition.prefersWholeWords
        fallbackTokens = FixedTable([TokenID](repeating: -1, count: 256))
        unknownToken = -1

        // Real vocabularies lack bytes that their training text lacked; those are dropped, as the reference does.
        let vocabulary = vocabulary
        let missing = (UInt8(0x20)...0x7E).filter { vocabulary.byteTokens[Int($0)] < 0 }
        guard missing.isEmpty else { throw .missingByteTokens(missing) }
    }

    /// SentencePiece BPE.
    init(sentencePiece definition: TokenizerDefinition) throws(TokenizerError) {
        let types = definition.tokens.indices.map(definition.type(of:))
        guard definition.scores.count == types.count else {
            throw .countMismatch(list: "scores", count: definition.scores.count, tokens: types.count)
        }
        vocabulary = try Vocabulary(
            spellings: SentencePieces.spellings(of: definition.tokens, types: types), types: types,
            isFindable: types.map { $0 == .normal })
        merges = try SentencePieces.merges(of: vocabulary, scores: definition.scores)
        words = .sentencePiece(splitsAtSpaces: SentencePieces.splitsAtSpaces(vocabulary))
        prefersWholeWords = false
        fallbackTokens = FixedTable(SentencePieces.fallbackTokens(of: vocabulary))
        unknownToken = definition.special.unknown ?? TokenID(types.firstIndex(of: .unknown) ?? -1)
    }

    /// WordPiece, which has no merges.
    init(wordPiece definition: TokenizerDefinition, normalization: BertNormalization) throws(TokenizerError) {
        let types = definition.tokens.indices.map(definition.type(of:))
        let spellings = WordPieces.spellings(of: definition.tokens, types: types)
        let longest = zip(spellings.starts, spellings.starts.dropFirst()).map { Int($1 - $0) }.max() ?? 0
        vocabulary = try Vocabulary(spellings: spellings, types: types, isFindable: types.map { $0 == .normal })
        merges = MergeTable([])
        words = .wordPiece(normalization, longest: longest)
        prefersWholeWords = false
        fallbackTokens = FixedTable([TokenID](repeating: -1, count: 256))
        unknownToken = definition.special.unknown ?? TokenID(types.firstIndex(of: .unknown) ?? -1)
    }

    /// Merges a word that is in no cache and appends its tokens to `output`.
    @inline(never)
    func encode(
        _ word: UnsafeBufferPointer<UInt8>, merger: inout BytePairMerger, into output: inout ScratchBuffer<TokenID>
    ) {
        guard let start = word.baseAddress else { return }
        if case .wordPiece(_, let longest) = words {
            return WordPieces.encode(
                word, vocabulary: vocabulary, longest: longest, unknown: unknownToken, into: &output)
        }
        if word.count > BytePairMerger.mostSymbols {
            let cut = BytePairMerger.mostSymbols
            encode(UnsafeBufferPointer(rebasing: word[..<cut]), merger: &merger, into: &output)
            encode(UnsafeBufferPointer(rebasing: word[cut...]), merger: &merger, into: &output)
            return
        }
        if prefersWholeWords {
            let whole = vocabulary.token(of: start, count: word.count)
            if whole >= 0 {
                output.append(whole)
                return
            }
        }
        merger.begin(word.count)
        switch words {
        case .byteLevel:
            for byte in word {
                let token = vocabulary.byteTokens[Int(byte)]
                if token >= 0 { merger.add(token) }
            }
        case .sentencePiece, .wordPiece:
            addCharacters(of: start, count: word.count, to: &merger)
        }
        merger.merge(with: merges, into: &output)
    }

    private func addCharacters(of start: UnsafePointer<UInt8>, count: Int, to merger: inout BytePairMerger) {
        var position = 0
        while position < count {
            let length = UTF8Decoding.scalar(at: position, in: start, end: count).length
            let token =
                length == 1
                ? vocabulary.byteTokens[Int(start[position])] : vocabulary.token(of: start + position, count: length)
            if token >= 0 {
                merger.add(token)
            } else if fallbackTokens[Int(start[position])] >= 0 {
                // Bytes take part in no merge, so they stay what they are.
                for offset in 0..<length {
                    let byteToken = fallbackTokens[Int(start[position + offset])]
                    if byteToken >= 0 { merger.add(byteToken) }
                }
            } else if unknownToken >= 0 {
                merger.add(unknownToken)
            }
            position += length
        }
    }

    /// The bytes of each token, and whether it is a normal one that is spelled in bytes.
    private static func byteSpellings(
        of tokens: ByteStrings, types: [TokenizerDefinition.TokenType]
    ) -> (TokenSpellings, [Bool]) {
        let decoder = ByteAlphabet.Decoder()
        var isFindable = [Bool](repeating: false, count: types.count)
        let spellings = TokenSpellings(of: tokens) { id, spelling, output in
            if types[id] == .normal, let count = decoder.decode(spelling, into: output), count > 0 {
                isFindable[id] = true
                return count
            }
            for index in spelling.indices { output[index] = spelling[index] }
            return spelling.count
        }
        return (spellings, isFindable)
    }

    private static func merges(_ merges: ByteStrings, vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
        let decoder = ByteAlphabet.Decoder()
        var table: [MergeTable.Merge] = []
        table.reserveCapacity(merges.count)
        var decoded = ScratchBuffer<UInt8>()
        // Vocabularies list the results of merges in order, so the next token is a good guess.
        var guess: TokenID = -1
        for index in 0..<merges.count {
            let range = Int(merges.offsets[index])..<Int(merges.offsets[index + 1])
            decoded.reserve(range.count)
            let bytes = decoded.base
            let parts: (left: Int, right: Int)? = merges.bytes.withUnsafeBufferPointer { all in
                let merge = UnsafeBufferPointer(rebasing: all[range])
                // No byte is spelled as a space.
                guard let space = merge.firstIndex(of: UInt8(ascii: " ")),
                    let left = decoder.decode(UnsafeBufferPointer(rebasing: merge[..<space]), into: bytes),
                    let right = decoder.decode(
                        UnsafeBufferPointer(rebasing: merge[(space + 1)...]), into: bytes + left)
                else { return nil }
                return left > 0 && right > 0 ? (left, right) : nil
            }
            let text = merges[index]
            guard let (left, right) = parts else { throw .malformedMerge(index: index, text: quoted(text)) }
            let leftToken = vocabulary.token(of: bytes, count: left)
            let rightToken = vocabulary.token(of: bytes + left, count: right)
            guess += 1
            let isGuessed =
                guess < vocabulary.count && vocabulary.types[Int(guess)] == .normal
                && vocabulary.isToken(guess, bytes, count: left + right)
            if !isGuessed { guess = vocabulary.token(of: bytes, count: left + right) }
            guard leftToken >= 0, rightToken >= 0, guess >= 0 else {
                let sides = text.split(separator: UInt8(ascii: " "))
                let part = leftToken < 0 ? sides[0] : rightToken < 0 ? sides[1] : sides[0] + sides[1]
                throw .mergeOfUnknownToken(index: index, merge: quoted(text), part: quoted(part))
            }
            table.append(
                MergeTable.Merge(key: MergeTable.key(leftToken, rightToken), rank: UInt32(index), token: guess))
        }
        return MergeTable(table)
    }

    private static func quoted(_ text: ArraySlice<UInt8>) -> String {
        "'" + String(decoding: text.prefix(64), as: UTF8.self) + "'"
    }
}
