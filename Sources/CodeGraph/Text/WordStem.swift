/// English words in their forms: `retries`, `retried` and `retrying` are `retry`.
///
/// Rules, not a dictionary: stems need not be words, and what is no English keeps its form. The first two letters stay.
enum WordStem {
    /// The stem of a word in lower case.
    static func of(_ word: String) -> String {
        var stem = Array(word.utf8)
        removePlural(&stem)
        removeVerbEnding(&stem)
        removeNounEnding(&stem)
        guard stem.count > 3, let last = stem.last else { return String(decoding: stem, as: UTF8.self) }
        if last == UInt8(ascii: "e") {
            stem.removeLast()
        } else if last == UInt8(ascii: "y") {
            stem[stem.count - 1] = UInt8(ascii: "i")
        }
        return String(decoding: stem, as: UTF8.self)
    }

    /// Words that may have a stem; those that are none do no harm where they are looked up.
    static func forms(of stem: String) -> [String] {
        var base = Array(stem.utf8)
        if base.last == UInt8(ascii: "i") { base[base.count - 1] = UInt8(ascii: "y") }
        let word = String(decoding: base, as: UTF8.self)
        // What an ending changes: stored from store, cached from cache, retries from retry, capped from cap.
        let doubled = base.last.map { word + String(decoding: [$0], as: UTF8.self) } ?? word
        let beforeVowel = stem.hasSuffix("i") ? stem : word
        return [word, word + "e", word + "s", beforeVowel + "es", beforeVowel + "ed", word + "ing"]
            + [doubled + "ed", doubled + "ing", beforeVowel + "er", word + "ion", word + "ation"]
    }

    private static func removePlural(_ word: inout [UInt8]) {
        if ends(word, "ies") {
            word.replaceSubrange((word.count - 3)..., with: "y".utf8)
        } else if ends(word, "sses") {
            word.removeLast(2)
        } else if ends(word, "s"), !["ss", "us", "is"].contains(where: { ends(word, $0) }) {
            word.removeLast()
        }
    }

    private static func removeVerbEnding(_ word: inout [UInt8]) {
        if ends(word, "ing") {
            word.removeLast(3)
            removeDoubling(&word)
        } else if ends(word, "ied") {
            word.replaceSubrange((word.count - 3)..., with: "y".utf8)
        } else if ends(word, "ed") {
            word.removeLast(2)
            removeDoubling(&word)
        } else if ends(word, "ly") {
            word.removeLast(2)
        }
    }

    private static func removeNounEnding(_ word: inout [UInt8]) {
        if ends(word, "ation") {
            word.removeLast(5)
        } else if ends(word, "tion") {
            word.removeLast(3)
        } else if ends(word, "er") {
            word.removeLast(2)
            removeDoubling(&word)
        } else if ends(word, "tor") {
            word.removeLast(2)
        }
    }

    /// `capp`, left of capped, is cap; `call`, `pass` and `buzz` stay.
    private static func removeDoubling(_ word: inout [UInt8]) {
        guard word.count > 3, let last = word.last, word[word.count - 2] == last, !"lsz".utf8.contains(last) else {
            return
        }
        word.removeLast()
    }

    /// Whether a word ends so, and more than two letters are left.
    private static func ends(_ word: [UInt8], _ ending: String) -> Bool {
        word.count > ending.utf8.count + 2 && word.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
}
