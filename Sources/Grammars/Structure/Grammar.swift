/// A context-free grammar over bytes, as a graph that the matcher walks. Nothing in it grows with the bounds of
/// repetitions, the number of strings in a set costs their bytes, and it is never changed once built.
package final class Grammar: Sendable {
    enum Kind: UInt8 {
        /// The end of the text; what a local walk calls the outside.
        case end, outside
        /// `first ..< first + count` of `bytes`.
        case literal
        /// From the state `first` of `automata`.
        case automaton
        /// `first ..< first + count` of `children`.
        case sequence, choice
        /// Of `first`, `minimum ... maximum` times.
        case repetition
        /// The rule `first`.
        case rule
        /// `first`, whose masks are worth keeping apart from what stands around it.
        case scope
    }

    struct Node: Sendable {
        var kind: Kind
        var first: Int32 = 0
        var count: Int32 = 0
        var minimum: Int32 = 0
        var maximum: Int32 = 0
    }

    static let end: Int32 = 0
    static let outside: Int32 = 1
    static let unbounded = Int32.max

    let nodes: [Node]
    let children: [Int32]
    let bytes: [UInt8]
    /// What each rule stands for.
    let rules: [Int32]
    let automata: ByteAutomata
    /// Of each node, whether some finite text matches it.
    let isProductive: [Bool]
    let root: Int32

    init(
        nodes: [Node], children: [Int32], bytes: [UInt8], rules: [Int32], automata: ByteAutomata, isProductive: [Bool],
        root: Int32
    ) {
        self.nodes = nodes
        self.children = children
        self.bytes = bytes
        self.rules = rules
        self.automata = automata
        self.isProductive = isProductive
        self.root = root
    }

    /// How many parts the graph has; memory grows with it.
    package var nodeCount: Int { nodes.count }
}
