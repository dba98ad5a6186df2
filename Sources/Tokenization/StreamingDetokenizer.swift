/// Turns tokens into text one at a time, holding back the bytes of a character until all of them are there.
///
/// U+FFFD stands for bytes that can't become a character, one for each maximal part of one, as in the WHATWG's
/// decoder: concatenated, the pieces are `Tokenizer.text` of all tokens.
package struct StreamingDetokenizer: Sendable {
    private let tokenizer: Tokenizer
    private let options: DecodingOptions
    private var pending: [UInt8] = []
    private var hasBegun = false

    /// - options: a continuation of a prompt wants `removesSpacePrefix` off.
    package init(_ tokenizer: Tokenizer, options: DecodingOptions = DecodingOptions()) {
        self.tokenizer = tokenizer
        self.options = options
    }

    /// The text that is complete with this token, often empty within a character.
    package mutating func append(_ id: TokenID) throws(TokenizerError) -> String {
        guard id >= 0, Int(id) < tokenizer.vocabularyCount else {
            throw .unknownTokenID(id, tokens: tokenizer.vocabularyCount)
        }
        tokenizer.appendDecoded(id, rendersControlTokens: options.rendersControlTokens, to: &pending)
        if !hasBegun, !pending.isEmpty {
            hasBegun = true
            if options.removesSpacePrefix, tokenizer.spacePrefix != .none, pending[0] == UInt8(ascii: " ") {
                pending.removeFirst()
            }
        }
        return take(pending.count - incompleteSuffix())
    }

    /// The rest: what is held back can no longer become a character.
    package mutating func finish() -> String { take(pending.count) }

    private mutating func take(_ count: Int) -> String {
        guard count > 0 else { return "" }
        let text = String(decoding: pending.prefix(count), as: UTF8.self)
        pending.removeFirst(count)
        return text
    }

    /// How many bytes at the end are the beginning of a valid character.
    private func incompleteSuffix() -> Int {
        for length in 1...3 where length <= pending.count {
            let start = pending.count - length
            let lead = pending[start]
            if lead & 0xC0 == 0x80 { continue }
            let needed =
                lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 1
            guard length < needed else { return 0 }
            return length == 1 || Self.mayFollow(lead, pending[start + 1]) ? length : 0
        }
        return 0
    }

    /// Whether a valid character can begin with these two bytes: no overlong form, surrogate or excess.
    private static func mayFollow(_ lead: UInt8, _ second: UInt8) -> Bool {
        switch lead {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }
}
