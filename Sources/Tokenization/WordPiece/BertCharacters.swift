/// What a character is to BERT's tokenizer, by the data of the reference implementation.
enum BertCharacters: UInt8, Sendable {
    case other = 0
    /// Control characters and what is not assigned.
    case removed
    case space
    case punctuation
    /// A nonspacing mark.
    case mark

    /// The raw value of every scalar. Built at first use.
    static let table = ScalarTable(runs: runs)

    /// Whether each such character is a word, as Chinese has no spaces between words. Kana and Hangul are none.
    static func isIdeograph(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            // The published tokenizer begins at 0x2B820, the reference implementation at 0x2B920.
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    private static func value(of letter: UInt8) -> BertCharacters {
        switch letter {
        case UInt8(ascii: "x"): .removed
        case UInt8(ascii: "w"): .space
        case UInt8(ascii: "p"): .punctuation
        case UInt8(ascii: "n"): .mark
        default: .other
        }
    }

    private static var runs: CharacterRuns { CharacterRuns(BertCharacterData.runs) { value(of: $0).rawValue } }
}
