import ModelFiles

/// A vocabulary with its merges: turns one word into tokens.
final class TokenModel: Sendable {
    enum Words: Sendable {
        case byteLevel(PreTokenizer)
        /// - splitsAtSpaces: no token reaches over the start of a run of spaces, so words end there.
        case sentencePiece(splitsAtSpaces: Bool)
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
        let (spellings, isSpelled) = Self.byteSpellings(of: definition.tokens, types: types)
        vocabulary = try Vocabulary(spellings: spellings, types: types) { isSpelled[Int($0)] }
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
            isFindable: { types[Int($0)] == .normal })
        merges = try SentencePieces.merges(of: vocabulary, scores: definition.scores)
        words = .sentencePiece(splitsAtSpaces: SentencePieces.splitsAtSpaces(vocabulary))
        prefersWholeWords = false
        fallbackTokens = FixedTable(SentencePieces.fallbackTokens(of: vocabulary))
        unknownToken = definition.special.unknown ?? TokenID(types.firstIndex(of: .unknown) ?? -1)
    }

    /// Merges a word that is in no cache and appends its tokens to `output`.
    @inline(never)
    func encode(
        _ word: UnsafeBufferPointer<UInt8>, merger: inout BytePairMerger, into output: inout ScratchBuffer<TokenID>
    ) {
        guard let start = word.baseAddress else { return }
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
        case .sentencePiece:
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

    /// The bytes of each token, and whether a normal token's spelling was one of bytes.
    private static func byteSpellings(
        of tokens: ByteStrings, types: [TokenizerDefinition.TokenType]
    ) -> (ByteStrings, [Bool]) {
        var spellings = ByteStrings()
        spellings.reserveCapacity(strings: tokens.count, bytes: tokens.bytes.count)
        var isSpelled = [Bool](repeating: false, count: tokens.count)
        var bytes: [UInt8] = []
        tokens.bytes.withUnsafeBufferPointer { all in
            for id in tokens.indices {
                let spelling = UnsafeBufferPointer(
                    rebasing: all[Int(tokens.offsets[id])..<Int(tokens.offsets[id + 1])])
                bytes.removeAll(keepingCapacity: true)
                if types[id] == .normal, !spelling.isEmpty, ByteAlphabet.decode(spelling, into: &bytes) {
                    isSpelled[id] = true
                    spellings.append(bytes)
                } else {
                    spellings.append(spelling)
                }
            }
        }
        return (spellings, isSpelled)
    }

    private static func merges(_ merges: ByteStrings, vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
        var table: [MergeTable.Merge] = []
        table.reserveCapacity(merges.count)
        var bytes: [UInt8] = []
        // Vocabularies list the results of merges in order, so the next token is a good guess.
        var guess: TokenID = 0
        for index in merges.indices {
            let merge = merges[index]
            bytes.removeAll(keepingCapacity: true)
            // No byte is spelled as a space.
            guard let space = merge.dropFirst().firstIndex(of: UInt8(ascii: " ")), space + 1 < merge.endIndex else {
                throw .malformedMerge(index: index, text: quoted(merge))
            }
            let left = merge[..<space]
            let right = merge[(space + 1)...]
            let isSpelled = left.withUnsafeBufferPointer { ByteAlphabet.decode($0, into: &bytes) }
            let middle = bytes.count
            guard isSpelled, right.withUnsafeBufferPointer({ ByteAlphabet.decode($0, into: &bytes) }) else {
                throw .malformedMerge(index: index, text: quoted(merge))
            }
            let (leftToken, rightToken, token) = bytes.withUnsafeBufferPointer { bytes in
                let start = bytes.baseAddress.unsafelyUnwrapped
                guess += 1
                let isGuessed = guess < vocabulary.count && vocabulary.isToken(guess, start, count: bytes.count)
                if !isGuessed { guess = vocabulary.token(of: start, count: bytes.count) }
                return (
                    vocabulary.token(of: start, count: middle),
                    vocabulary.token(of: start + middle, count: bytes.count - middle), guess
                )
            }
            for (part, id) in [(left, leftToken), (right, rightToken), (left + right, token)] where id < 0 {
                throw .mergeOfUnknownToken(index: index, merge: quoted(merge), part: quoted(part))
            }
            table.append(
                MergeTable.Merge(key: MergeTable.key(leftToken, rightToken), rank: UInt32(index), token: token))
        }
        return MergeTable(table)
    }

    private static func quoted(_ text: ArraySlice<UInt8>) -> String {
        "'" + String(decoding: text.prefix(64), as: UTF8.self) + "'"
    }
}
