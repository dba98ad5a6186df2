/// A place from which names are looked up.
struct Scope {
    let file: GraphReader.FactsOfFile
    /// Index of the innermost symbol around it; -1 for the file.
    let container: Int
    let rules: LanguageRules
    /// In bytes: variables have the value that was given them last before.
    var place = Int.max
}

/// What an expression stands for.
enum Meaning {
    /// What one of these files offers.
    case module([Int])
    /// A type itself.
    case type(SymbolID)
    /// A value of a type.
    case instance(SymbolID)
    /// The value at hand, seen as one of what its type inherits from.
    case supertypes(of: SymbolID)
    /// A function, and the type on which it was found.
    case function(SymbolID, on: SymbolID?)
    /// A function that returns what the text says.
    case returning(String, Scope)
    /// A container of what the text says.
    case container(String, Scope)

    var typeAtHand: SymbolID? {
        switch self {
        case .type(let id), .instance(let id): id
        default: nil
        }
    }
}

/// Meanings, any of which may be the right one, and how they are known.
struct Meanings {
    var all: [Meaning] = []
    /// By the types of variables and of what functions return, not by scopes and imports alone.
    var isInferred = false
    /// It is known that no file of the repository defines what is meant.
    var isOutside = false

    static let none = Meanings()
    static let outside = Meanings(isOutside: true)

    var isEmpty: Bool { all.isEmpty }

    var containers: Meanings {
        var copy = self
        copy.all.removeAll { if case .container = $0 { false } else { true } }
        return copy
    }

    var inferred: Meanings {
        var copy = self
        copy.isInferred = true
        return copy
    }
}
