/// An expression as far as a type follows from it: a name, then members of it, calls and elements.
struct AccessPath: Hashable {
    enum Root: Hashable {
        case name(String)
        /// `super`, or Python's `super(Type, self)` with that type.
        case supertype(of: String?)
        /// What a cast says.
        case cast(String)
    }

    enum Step: Hashable {
        case member(String), call, element
        case cast(String)
    }

    var root: Root
    var steps: [Step] = []

    init(root: Root, steps: [Step] = []) {
        self.root = root
        self.steps = steps
    }

    /// Nil for what is more: operators, literals, functions without names.
    init?(_ text: String) {
        var parser = AccessPathParser(Array(text.utf8))
        guard let path = parser.path() else { return nil }
        self = path
    }

    /// The names that stand one behind the other, when there is nothing else; `super` may be one of a module.
    var names: [String]? {
        guard let first = root.name else { return nil }
        var names = [first]
        for case .member(let name) in steps { names.append(name) }
        return names.count == steps.count + 1 ? names : nil
    }
}

extension AccessPath.Root {
    var name: String? {
        switch self {
        case .name(let name): name
        case .supertype(of: nil): "super"
        case .supertype, .cast: nil
        }
    }
}

private struct AccessPathParser {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func path() -> AccessPath? {
        var isNew = false
        skipSpace()
        while true {
            if take("await ") {
            } else if take("new ") {
                isNew = true
            } else if !take("&") && !take("*") && !take("::") && !takeTry() {
                break
            }
            skipSpace()
        }
        guard var path = primary() else { return nil }
        while true {
            skipSpace()
            guard next != nil else { break }
            if take("?.") || take("&.") || take("->") || take("::") || take(".") || take("\\") {
                skipSpace()
                if next == UInt8(ascii: "("), let type = balanced() {
                    // Go's x.(T).
                    path.steps.append(.cast(type))
                } else if next == UInt8(ascii: "[") || next == UInt8(ascii: "<") {
                    continue
                } else {
                    guard let name = identifier() else { return nil }
                    // Rust's x.await is x.
                    if name != "await" { path.steps.append(.member(name)) }
                }
            } else if next == UInt8(ascii: "(") {
                guard balanced() != nil else { return nil }
                path.steps.append(.call)
            } else if next == UInt8(ascii: "[") {
                guard balanced() != nil else { return nil }
                path.steps.append(.element)
            } else if next == UInt8(ascii: "{") {
                // Go's Type{}.
                guard balanced() != nil else { return nil }
                path.steps.append(.call)
            } else if next == UInt8(ascii: "<") {
                // Type arguments of a call.
                guard balanced() != nil, next == UInt8(ascii: "(") || next == UInt8(ascii: ":") else { return nil }
            } else if !take("!") && !take("?") {
                return nil
            }
        }
        if isNew, path.steps.last != .call { path.steps.append(.call) }
        return path
    }

    private mutating func primary() -> AccessPath? {
        if next == UInt8(ascii: "(") {
            guard let inner = balanced() else { return nil }
            skipSpace()
            if let next, Self.isOfName(next) || next == UInt8(ascii: "*") || next == UInt8(ascii: "&") {
                // C's (T *)x reaches over all that follows.
                place = bytes.count
                return AccessPath(root: .cast(inner))
            }
            if let range = inner.range(ofWord: " as ") { return AccessPath(root: .cast(String(inner[range...]))) }
            return AccessPath(inner)
        }
        if take("\\") {
            // PHP's `\name` begins at the top: an empty name comes first.
            return AccessPath(root: .name(""), steps: identifier().map { [.member($0)] } ?? [])
        }
        guard let name = identifier() else { return nil }
        guard name == "super" else { return AccessPath(root: .name(name)) }
        guard next == UInt8(ascii: "("), let arguments = balanced() else {
            return AccessPath(root: .supertype(of: nil))
        }
        let type = arguments.prefix { $0 != "," }
        return AccessPath(root: .supertype(of: type.isEmpty ? nil : String(type)))
    }

    private mutating func identifier() -> String? {
        let start = place
        if next == UInt8(ascii: "#") { place += 1 }
        while next == UInt8(ascii: "@") { place += 1 }
        while let byte = next, Self.isOfName(byte) { place += 1 }
        guard place > start, !(48...57).contains(bytes[start]) else { return nil }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte >= 0x80
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    /// What stands between the bracket here and the one that closes it; the place is behind it then.
    private mutating func balanced() -> String? {
        let start = place
        var depth = 0
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "<"):
                if byte != UInt8(ascii: "<") || bytes[start] == byte { depth += 1 }
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ">"):
                if byte != UInt8(ascii: ">") || bytes[start] == UInt8(ascii: "<") { depth -= 1 }
                if depth == 0 { return String(decoding: bytes[start + 1..<place - 1], as: UTF8.self) }
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
                while let inner = next, inner != byte { place += inner == UInt8(ascii: "\\") ? 2 : 1 }
                place += 1
            default: continue
            }
        }
        return nil
    }

    private mutating func takeTry() -> Bool { take("try ") || take("try? ") || take("try! ") }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        for index in 0..<count where unsafe bytes[place + index] != word.utf8Start[index] { return false }
        place += count
        return true
    }
}

extension String {
    /// Where the text behind a word begins.
    fileprivate func range(ofWord word: String) -> String.Index? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(word) { return index(place, offsetBy: word.count) }
            place = index(after: place)
        }
        return nil
    }
}
