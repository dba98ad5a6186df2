/// Says how many tokens a text takes.
package struct TokenCounter: Sendable {
    /// What counts, for people.
    package let name: String
    package let count: @Sendable (String) -> Int

    package init(name: String, count: @escaping @Sendable (String) -> Int) {
        self.name = name
        self.count = count
    }

    /// For when there is no tokenizer: rather too many than too few. A word is cut every four letters, and each mark,
    /// each digit and each byte beyond ASCII counts as a token; runs of white space as one for each sixteen.
    package static let estimate = TokenCounter(name: "estimate") { text in
        var count = 0
        var letters = 0
        var blanks = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                if letters % 4 == 0 { count += 1 }
                letters += 1
                blanks = 0
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                // The blank before a word is a part of it.
                if blanks % 16 == 1 { count += 1 }
                blanks += 1
                letters = 0
            default:
                count += 1
                letters = 0
                blanks = 0
            }
        }
        return count
    }
}
