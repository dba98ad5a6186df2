/// A text of a suite that models should not have been trained on: a problem with its solution, say.
package struct ContaminationItem: Hashable, Sendable {
    /// What a text is, which says how it is compared.
    package enum Kind: String, Hashable, Sendable, Codable {
        case text
        /// Python; found also where its names are others.
        case code
    }

    package var id: String
    package var text: String
    package var kind: Kind

    package init(id: String, text: String, kind: Kind = .code) {
        self.id = id
        self.text = text
        self.kind = kind
    }
}

/// In runs of how many tokens items are looked for, and how many of an item's have to be in one place.
package struct ContaminationThresholds: Hashable, Sendable, Codable {
    /// Tokens of a run of text, of code as it stands, and of code whatever its names.
    package var textLength = 13
    package var codeLength = 10
    package var renamedLength = 16
    /// Runs that more items than this have are the suite's own phrases, and count for none.
    package var itemsOfRun = 2
    /// The share of an item's runs in one passage from which on it is taken for a copy. In 690 MB of Python that has
    /// none of HumanEval, no item had more than 0.14.
    package var verbatimShare = 0.25
    /// The same for code whatever its names. There, two items of 164 had more: a filter and its like in one line,
    /// which others had written, too.
    package var renamedShare = 0.6
    /// Runs that a passage under other names has to have at the least: shorter code is anybody's.
    package var renamedGrams = 8

    package init() {}
}

/// What is said of an item.
package enum ContaminationVerdict: String, Hashable, Sendable, Codable {
    case clean
    /// Its code is there under other names.
    case renamed
    case verbatim
}
