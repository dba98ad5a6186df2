internal import Statistics

/// New names for old ones, none of which is there already.
struct Renaming {
    private(set) var names: [String: String] = [:]
    private var taken: Set<String>

    /// - Parameter taken: what no new name may be.
    init(taken: Set<String>) { self.taken = taken }

    /// Words of the name that have another of their meaning get it; where none has, the name is put in another.
    mutating func renameFunction(_ name: String, _ random: inout RandomStream) {
        let words = name.split(separator: "_").map(String.init)
        let changed = words.map { word in
            MutationWords.ofFunctions[word.lowercased()]?.randomElement(using: &random) ?? word
        }
        var candidates = changed == words ? [] : [changed.joined(separator: "_")]
        candidates += MutationWords.prefixes.shuffled(using: &random).map { $0 + "_" + name.lowercased() }
        take(name, candidates)
    }

    /// - Returns: whether it has a new name. A word of the language the documentation is in has one only where another
    ///   means the same, for it may be there as a word.
    mutating func renameParameter(_ name: String, _ random: inout RandomStream) -> Bool {
        guard !PythonNames.all.contains(name) else { return false }
        var candidates = MutationWords.ofParameters[name.lowercased()]?.shuffled(using: &random) ?? []
        if MutationWords.isMark(name) { candidates += ["arg_" + name.lowercased(), "given_" + name.lowercased()] }
        return take(name, candidates)
    }

    @discardableResult
    private mutating func take(_ name: String, _ candidates: [String]) -> Bool {
        guard let new = candidates.first(where: { !taken.contains($0) }) else { return false }
        names[name] = new
        taken.insert(new)
        return true
    }
}

/// Which words mean the same.
enum MutationWords {
    /// Put before the name of a function of which no word has another.
    static let prefixes = ["work_out", "carry_out", "do_the"]

    /// In the names of functions.
    static let ofFunctions: [String: [String]] = [
        "add": ["plus", "total_of"], "all": ["every"], "below": ["under"], "brackets": ["parens"],
        "bracketing": ["nesting"], "car": ["vehicle"], "change": ["convert"], "characters": ["letters"],
        "check": ["test", "examine"], "choose": ["pick"], "circular": ["rotating"], "close": ["near", "nearby"],
        "closest": ["nearest"], "common": ["shared"], "compare": ["contrast"], "concatenate": ["join_up"],
        "correct": ["proper", "valid"], "count": ["number_of", "tally"], "decimal": ["base_ten"],
        "decode": ["decipher"], "derivative": ["slope"], "difference": ["gap"], "digits": ["figures"],
        "distinct": ["different"], "divisor": ["factor"], "double": ["twice"], "element": ["item"],
        "elements": ["items"], "encode": ["encipher"], "encrypt": ["encipher"], "exchange": ["swap"],
        "factorial": ["product_up_to"], "factorize": ["split_into_factors"], "filter": ["select", "keep"],
        "find": ["locate", "determine"], "fix": ["repair"], "flip": ["swap"], "fruit": ["produce"],
        "generate": ["produce"], "get": ["obtain", "fetch"], "grade": ["mark"], "greatest": ["largest"],
        "histogram": ["frequency_table"], "incr": ["raise_each"], "integers": ["whole_numbers"],
        "integer": ["whole_number"], "intersection": ["common_part"], "intersperse": ["put_between"],
        "largest": ["biggest"], "longest": ["lengthiest"], "make": ["build"], "match": ["pair"], "max": ["greatest"],
        "maximum": ["greatest_few"], "mean": ["average"], "median": ["middle_value"], "monotonic": ["one_direction"],
        "multiply": ["product_of"], "numbers": ["values"], "numerical": ["numeric"], "palindrome": ["mirror_word"],
        "parse": ["read"], "positive": ["above_zero"], "prime": ["indivisible"], "remove": ["drop", "strip"],
        "rescale": ["normalize"], "reverse": ["backwards"], "rolling": ["running"], "rounded": ["nearest"],
        "same": ["equal"], "search": ["look_for"], "select": ["pick"], "separate": ["split"], "sequence": ["series"],
        "shift": ["rotate"], "simplify": ["reduce"], "smallest": ["least"], "solution": ["solve_it"],
        "solve": ["resolve"], "sort": ["order"], "sorted": ["ordered"], "special": ["particular"],
        "split": ["divide"], "starts": ["begins"], "strange": ["odd"], "string": ["text"], "strlen": ["text_size"],
        "sum": ["total"], "total": ["overall"], "triangle": ["three_sided"], "truncate": ["cut_off"],
        "unique": ["distinct"], "valid": ["proper"], "vowels": ["vowel_letters"], "words": ["terms"],
    ]

    /// Parameters that the documentation may have as words, which then become the same.
    static let ofParameters: [String: [String]] = [
        "arr": ["seq", "row"], "grid": ["board"], "lst": ["seq", "row"], "nums": ["vals"], "num": ["val"],
        "numbers": ["values"], "sentence": ["phrase"], "threshold": ["limit"], "txt": ["line"],
        "xs": ["coeffs"],
    ]

    private static let abbreviations: Set<String> = ["arr", "lst", "num", "nums", "str", "txt", "xs"]

    /// Whether a name is none that is a word, too.
    static func isMark(_ name: String) -> Bool {
        if name.contains("_") || name.utf8.contains(where: \.isDigit) || abbreviations.contains(name) { return true }
        return name.utf8.count <= 2 && !["a", "i", "A", "I", "an", "is", "as", "in", "to", "of", "no"].contains(name)
    }

    /// Phrases of documentation, the first that fits before others.
    static let phrases: [(old: String, new: String)] = [
        ("an integer", "a whole number"), ("An integer", "A whole number"), ("integers", "whole numbers"),
        ("integer", "whole number"), ("elements", "items"), ("element", "item"), ("Return", "Produce"),
        ("return", "produce"), ("Returns", "Produces"), ("returns", "produces"),
        ("Write a function", "Implement a function"), ("Create a function", "Implement a function"),
        ("Your task is to", "You are to"), ("your task is to", "you are to"), ("You are given", "You get"),
        ("You're given", "You get"), ("Check if", "Determine whether"), ("check if", "determine whether"),
        ("Find", "Determine"), ("find", "determine"), ("Calculate", "Compute"), ("calculate", "compute"),
        ("For example", "For instance"), ("for example", "for instance"), ("should", "must"),
        ("largest", "greatest"), ("Note that", "Mind that"), ("consists of", "is made of"),
        ("contains", "has"), ("containing", "with"), ("takes", "receives"),
    ]
}
