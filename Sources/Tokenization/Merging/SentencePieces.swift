import ModelFiles

/// What a SentencePiece model's pieces say: U+2581 stands for a space, `<0x0A>` for a byte, scores for priorities.
enum SentencePieces {
    private static let escapedSpace: [UInt8] = [0xE2, 0x96, 0x81]

    /// The bytes of each token, with spaces unescaped.
    static func spellings(
        of tokens: ByteStrings, types: [TokenizerDefinition.TokenType]
    ) throws(TokenizerError) -> TokenSpellings {
        try TokenSpellings(of: tokens) { (id, token, output) throws(TokenizerError) in
            switch types[id] {
            case .byte:
                guard let byte = byte(token) else {
                    throw .invalidByteToken(
                        id: TokenID(id), text: "'" + String(decoding: token.prefix(64), as: UTF8.self) + "'")
                }
                output[0] = byte
                return 1
            case .normal, .userDefined, .unused:
                let text = unescaped(token)
                for index in text.indices { output[index] = text[index] }
                return text.count
            case .control, .unknown:
                for index in token.indices { output[index] = token[index] }
                return token.count
            }
        }
    }

    /// Replaces every U+2581 by a space.
    static func unescaped(_ text: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for byte in text {
            result.append(byte)
            if byte == 0x81, result.suffix(3).elementsEqual(escapedSpace) {
                result.removeLast(3)
                result.append(UInt8(ascii: " "))
            }
        }
        return result
    }

    /// Every way to cut a piece into two other pieces, ranked by its score; equal scores share a rank, so that the
    /// leftmost goes first.
    ///
    /// A piece with a character that is no piece itself can't be reached; trained models have none.
    static func merges(of vocabulary: Vocabulary, scores: [Float]) throws(TokenizerError) -> MergeTable {
        for (id, score) in scores.enumerated() where score.isNaN { throw .invalidScore(id: TokenID(id)) }
        var ranks: [Float: UInt32] = [:]
        for score in Set(scores).sorted(by: >) { ranks[score] = UInt32(ranks.count) }

        var merges: [MergeTable.Merge] = []
        for id in TokenID(0)..<TokenID(vocabulary.count) where vocabulary.types[Int(id)] == .normal {
            let piece = vocabulary.bytes(of: id)
            guard let start = piece.baseAddress, let rank = ranks[scores[Int(id)]] else { continue }
            for cut in 1..<max(piece.count, 1) where start[cut] & 0xC0 != 0x80 {
                let left = vocabulary.token(of: start, count: cut)
                guard left >= 0 else { continue }
                let right = vocabulary.token(of: start + cut, count: piece.count - cut)
                guard right >= 0 else { continue }
                merges.append(MergeTable.Merge(key: MergeTable.key(left, right), rank: rank, token: id))
            }
        }
        return MergeTable(merges)
    }

    /// Whether no normal piece has a space behind another character.
    static func splitsAtSpaces(_ vocabulary: Vocabulary) -> Bool {
        let space = UInt8(ascii: " ")
        for id in TokenID(0)..<TokenID(vocabulary.count) where vocabulary.types[Int(id)] == .normal {
            let piece = vocabulary.bytes(of: id)
            for index in piece.indices.dropFirst() where piece[index] == space && piece[index - 1] != space {
                return false
            }
        }
        return true
    }

    /// The byte token of each byte, or -1.
    static func fallbackTokens(of vocabulary: Vocabulary) -> [TokenID] {
        var tokens = [TokenID](repeating: -1, count: 256)
        for id in TokenID(0)..<TokenID(vocabulary.count) where vocabulary.types[Int(id)] == .byte {
            tokens[Int(vocabulary.bytes(of: id)[0])] = id
        }
        return tokens
    }

    /// The byte that `<0x0A>` and the like name.
    private static func byte(_ token: UnsafeBufferPointer<UInt8>) -> UInt8? {
        guard token.count == 6, token.starts(with: "<0x".utf8), token.last == UInt8(ascii: ">") else { return nil }
        let digits = token.dropFirst(3).prefix(2)
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

/// A run of spaces and what follows up to the next space.
struct SentencePieceWords: WordScanner {
    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        let space = UInt8(ascii: " ")
        var position = start
        while position < text.end, text.bytes[position] == space { position += 1 }
        while position < text.end, text.bytes[position] != space { position += 1 }
        return position
    }
}

/// The whole text as one word.
struct OneWord: WordScanner {
    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int { text.end }
}
