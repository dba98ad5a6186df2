import Grammars
import TestSupport

/// A vocabulary like that of a byte-level tokenizer: all bytes, then pieces of words, of JSON and of characters.
enum SyntheticVocabulary {
    /// Never allowed, as control tokens are.
    static let control: Int32 = 0
    static let end: Int32 = 1

    static func tokens(seed: UInt64 = 1, count: Int = 1_500) -> [[UInt8]?] {
        var tokens: [[UInt8]?] = [nil, Array("<|end|>".utf8)]
        tokens += (UInt8.min...UInt8.max).map { [$0] }
        let pieces = [
            "{\"", "\":", "\",\"", "\"}", "\"}}", "\"]}", "[{\"", "],\"", "\":\"", "\":[", "null", "true", "false",
            "},", "}\n",
            " \"", "\\\"", "\\n", "\\u", "\\u00", "00", "123", "-", "0.", "e-", "the", " the", "ab", "abc", "name",
            "\"name\":",
            "é", "€", "😀", "日本", "a\",", "x\"}", "<tool", "_call>", "<tool_call>", "</tool_call>", ">\n{", "<", "    ",
            "\"},{\"",
        ]
        tokens += pieces.map { Array($0.utf8) }
        // Halves of characters, and the end of one with a quote.
        tokens += [[0xC3], [0xE2, 0x82], [0x82, 0xAC], [0xA9, 0x22], [0xF0, 0x9F], [0x98, 0x80, 0x22, 0x7D]]
        var random = SplitMix64(seed: seed)
        let alphabet = Array("abcdefgh \"{}[]:,0123456789\\-.é€n\n".utf8)
        while tokens.count < count {
            tokens.append((0..<2 + random.below(7)).map { _ in alphabet[random.below(alphabet.count)] })
        }
        // Two tokens can have the same text.
        tokens.append(Array("abc".utf8))
        return tokens
    }

    static func vocabulary() -> TokenVocabulary { TokenVocabulary(tokens: tokens(), endTokens: [end]) }
}
