/// A variable: a slot of the activation that is `hops` functions further out.
struct Reference: Hashable, Sendable {
    let hops: Int
    let slot: Int
}

/// What a scope does with one of its variables when it is entered.
enum EntryLoad: Sendable {
    /// Takes the value that the caller of `render`, or the language, gives a name; an index into `Bindings.globals`.
    case global(slot: Int, Int)
    /// Starts with the value of a variable further out, which assignments then leave alone.
    case copy(slot: Int, Reference)
    /// Starts undefined.
    case missing(slot: Int)
}

/// The variables of one scope: the template, a macro, the body of a loop or block.
struct ScopeLayout: Sendable {
    var loads: [EntryLoad] = []
    /// All slots of the scope, which lose their values when it ends.
    var slots: [Int] = []
    /// Slots of the whole function, if the scope is one's outermost.
    var slotCount = 0
    /// Whether the body of a loop reads `loop`.
    var declaresLoop = false
    /// Which of their special arguments the body of a macro reads.
    var readsCaller = false
    var readsKwargs = false
    var readsVarargs = false
}

/// What every name in a template means, worked out once.
struct Bindings: Sendable {
    /// By the use index of names.
    var references: [Reference]
    /// By the scope index of statements; the template's own scope is last.
    var scopes: [ScopeLayout]
    /// Names that no scope assigns: the context and the language's own functions.
    var globals: [String] = []

    var root: ScopeLayout { scopes[scopes.count - 1] }
}
