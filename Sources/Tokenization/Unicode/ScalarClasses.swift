/// What the patterns of pre-tokenizers ask about a character. The questions overlap, hence a set.
struct ScalarClasses: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8

    /// \p{L}
    static let letter = ScalarClasses(rawValue: 1)
    /// \p{N}
    static let number = ScalarClasses(rawValue: 2)
    /// \s: the White_Space property, which includes U+0085.
    static let whitespace = ScalarClasses(rawValue: 4)
    /// \p{M}
    static let mark = ScalarClasses(rawValue: 8)
    /// \p{P}
    static let punctuation = ScalarClasses(rawValue: 16)
    /// \p{S}
    static let symbol = ScalarClasses(rawValue: 32)
    /// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
    static let upperSide = ScalarClasses(rawValue: 64)
    /// [\p{Ll}\p{Lm}\p{Lo}\p{M}]
    static let lowerSide = ScalarClasses(rawValue: 128)

    /// [\s\p{L}\p{N}]. A constant: a set literal would build an array in hot code.
    static let spacedWord = ScalarClasses(rawValue: 7)
    /// [\p{L}\p{N}]
    static let letterOrNumber = ScalarClasses(rawValue: 3)
    /// [\p{L}\p{M}]
    static let letterOrMark = ScalarClasses(rawValue: 9)
    /// [\p{P}\p{S}]
    static let sign = ScalarClasses(rawValue: 48)

    @inline(__always)
    func meets(_ other: ScalarClasses) -> Bool { rawValue & other.rawValue != 0 }

    /// The classes of every scalar, by the Unicode version of the reference implementation (16.0 for its regular
    /// expressions). Built at first use, which ASCII text never is: 0.2 ms.
    ///
    /// Code points assigned by a later version have no class. The reference itself mixes versions: where it cuts
    /// digits off one by one it knows 18 numbers of Unicode 17, and its NFC is of version 12.
    static let table = ScalarTable(runs: runs)

    /// The classes of ASCII, by byte; bytes from 0x80 on have none.
    static let ascii = FixedTable<ScalarClasses>(asciiClasses())

    private static func asciiClasses() -> [ScalarClasses] {
        var classes = [ScalarClasses](repeating: [], count: 256)
        var scalar = 0
        for run in runs {
            for _ in 0..<run.count where scalar < 128 {
                classes[scalar] = ScalarClasses(rawValue: run.value)
                scalar += 1
            }
            if scalar >= 128 { break }
        }
        return classes
    }

    private static func classes(ofCategory letter: UInt8) -> ScalarClasses {
        switch letter {
        case UInt8(ascii: "U"), UInt8(ascii: "T"): [.letter, .upperSide]
        case UInt8(ascii: "l"): [.letter, .lowerSide]
        case UInt8(ascii: "m"), UInt8(ascii: "o"): [.letter, .upperSide, .lowerSide]
        case UInt8(ascii: "n"), UInt8(ascii: "c"), UInt8(ascii: "e"): [.mark, .upperSide, .lowerSide]
        case UInt8(ascii: "d"), UInt8(ascii: "r"), UInt8(ascii: "N"): .number
        case UInt8(ascii: "p"): .punctuation
        case UInt8(ascii: "s"): .symbol
        case UInt8(ascii: "w"): .whitespace
        default: []
        }
    }

    private static var runs: CharacterRuns {
        CharacterRuns(UnicodeCategoryData.runs) { classes(ofCategory: $0).rawValue }
    }
}
