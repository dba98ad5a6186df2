import ModelFiles

/// The pieces of a WordPiece vocabulary as GGUF spells them: U+2581 begins a word, everything else goes on with one.
enum WordPieces {
    /// Characters of a word; longer ones are unknown.
    private static let longestWord = 100
    private static let wordMark: [UInt8] = [0xE2, 0x96, 0x81]

    /// The bytes of each token, with a space for the mark at its beginning.
    static func spellings(of tokens: ByteStrings, types: [TokenizerDefinition.TokenType]) -> TokenSpellings {
        TokenSpellings(of: tokens) { id, token, output in
            guard types[id] == .normal, token.starts(with: wordMark) else {
                for index in token.indices { output[index] = token[index] }
                return token.count
            }
            output[0] = UInt8(ascii: " ")
            for index in wordMark.count..<token.count { output[index - wordMark.count + 1] = token[index] }
            return token.count - wordMark.count + 1
        }
    }

    /// Cuts a word with a space in front into the longest pieces from left to right; one piece that is missing makes
    /// the whole word unknown.
    /// - Parameter longest: bytes of the longest piece.
    static func encode(
        _ word: UnsafeBufferPointer<UInt8>, vocabulary: Vocabulary, longest: Int, unknown: TokenID,
        into output: inout ScratchBuffer<TokenID>
    ) {
        guard let start = word.baseAddress else { return }
        var pieces = 0
        var position = 0
        let characters = word.count { $0 & 0xC0 != 0x80 } - 1
        while position < word.count, characters <= longestWord {
            guard let (token, end) = longestPiece(word, from: position, start, vocabulary, longest) else { break }
            output.append(token)
            pieces += 1
            position = end
        }
        guard position < word.count else { return }
        for _ in 0..<pieces { output.removeLast() }
        if unknown >= 0 { output.append(unknown) }
    }

    private static func longestPiece(
        _ word: UnsafeBufferPointer<UInt8>, from position: Int, _ start: UnsafePointer<UInt8>, _ vocabulary: Vocabulary,
        _ longest: Int
    ) -> (TokenID, Int)? {
        var end = min(word.count, position + longest)
        // A space alone is no piece.
        while end > max(position, 1) {
            if end == word.count || word[end] & 0xC0 != 0x80 {
                let token = vocabulary.token(of: start + position, count: end - position)
                if token >= 0 { return (token, end) }
            }
            end -= 1
        }
        return nil
    }
}
