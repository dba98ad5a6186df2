/// A type as source code writes it, as far as members follow from it.
struct WrittenType {
    indirect enum Form: Hashable {
        /// A type by its name, qualifiers first.
        case named([String])
        /// A container of what another text says.
        case container(of: String)
        /// A function that returns that, and the types of its parameters where these are known.
        case function(returning: String, taking: [String])
        /// The type itself, as a value.
        case metatype(String)
    }

    /// What a value of the type may be.
    private(set) var forms: [Form] = []

    /// Types besides `wrappers` whose members are those of what they hold.
    private let otherWrappers: Set<String>

    init(_ text: String, wrappers: Set<String> = []) {
        otherWrappers = wrappers
        add(text[...], depth: 0)
    }

    private mutating func add(_ written: Substring, depth: Int) {
        guard depth < 8 else { return }
        var text = written.trimmed
        if let quote = text.first, quote == "\"" || quote == "'", text.count > 2, text.last == quote {
            text = text.dropFirst().dropLast().trimmed
        }
        let parts = text.split(atTop: ["|", "&"])
        if parts.count > 1 {
            for part in parts where !Self.isNothing(part.trimmed) { add(part, depth: depth + 1) }
            return
        }
        var isStripped = true
        while isStripped {
            isStripped = false
            for word in Self.words where text.hasPrefix(word) {
                text = text.dropFirst(word.count).trimmed
                isStripped = true
            }
            if text.first == "'", let space = text.firstIndex(of: " ") {
                // Rust's lifetimes.
                text = text[space...].trimmed
                isStripped = true
            }
        }
        if let form = form(of: text, depth: depth) { forms.append(form) }
    }

    private mutating func form(of text: Substring, depth: Int) -> Form? {
        if text.hasPrefix("[]") || text.hasPrefix("...") {
            return .container(of: String(text.dropFirst(text.hasPrefix("[]") ? 2 : 3)))
        }
        if text.hasPrefix("map["), let end = text.closing(from: text.index(text.startIndex, offsetBy: 3)) {
            return .container(of: String(text[text.index(after: end)...]))
        }
        if text.hasPrefix("func("), let end = text.closing(from: text.index(text.startIndex, offsetBy: 4)) {
            return .function(returning: String(text[text.index(after: end)...]), taking: [])
        }
        if text.first == "(" || text.first == "[", let end = text.closing(from: text.startIndex) {
            let inner = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...].trimmed
            if text.first == "[" {
                // Go's [4]T, Swift's [T] and [K: V], Rust's [T; 4].
                return .container(of: String(rest.isEmpty || rest.first == "?" ? Self.element(of: inner) : rest))
            }
            if rest.hasPrefix("=>") {
                let parameters = inner.split(atTop: [","]).map { String($0.parameterType) }
                return .function(returning: String(rest.dropFirst(2)), taking: parameters)
            }
            if rest.hasPrefix("[]") { return .container(of: String(inner)) }
            // Of several results the first.
            add((inner.split(atTop: [","]).first ?? inner).withoutLabel, depth: depth + 1)
            return nil
        }
        if text.hasSuffix("[]") { return .container(of: String(text.dropLast(2))) }
        let end = text.firstIndex { !($0.isLetter || $0.isNumber || "_.$:\\".contains($0)) } ?? text.endIndex
        let path = text[..<end].split { ".:\\".contains($0) }.map(String.init)
        guard let name = path.last else { return nil }
        guard end < text.endIndex, text[end] == "[" || text[end] == "<", let close = text.closing(from: end) else {
            return .named(path)
        }
        if text[text.index(after: close)...].hasPrefix("[]") {
            return .container(of: String(text[...close]))
        }
        let arguments = text[text.index(after: end)..<close].split(atTop: [","])
        guard let first = arguments.first, let last = arguments.last else { return .named(path) }
        if Self.wrappers.contains(name) || otherWrappers.contains(name) {
            add(first, depth: depth + 1)
            return nil
        }
        if name == "Union" {
            for argument in arguments where !Self.isNothing(argument.trimmed) { add(argument, depth: depth + 1) }
            return nil
        }
        if Self.metatypes.contains(name) { return .metatype(String(first)) }
        if name == "Callable" { return .function(returning: String(last), taking: []) }
        if Self.containersOfFirst.contains(name) { return .container(of: String(first)) }
        if Self.containersOfLast.contains(name) { return .container(of: String(last)) }
        return .named(path)
    }

    private static func element(of list: Substring) -> Substring {
        var text = list.split(atTop: [",", ";"]).first ?? list
        if let key = text.firstRange(of: ": ") { text = text[key.upperBound...] }
        return text.trimmed
    }

    private static func isNothing(_ text: Substring) -> Bool { ["None", "null", "undefined", ""].contains(text) }

    /// What stands before a type without changing its members.
    private static let words = [
        "const ", "struct ", "union ", "enum ", "volatile ", "unsigned ", "static ", "extern ", "inline ", "readonly ",
        "final ", "new ", "chan ", "<-chan ", "mut ", "dyn ", "impl ", "some ", "any ", "inout ",
        "borrowing ", "consuming ", "sending ", "@escaping ", "ref ", "*", "&", "?",
    ]
    private static let wrappers: Set = [
        "Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "Awaitable", "Promise",
        "PromiseLike", "Readonly", "Partial", "NonNullable", "Awaited", "ContextManager", "AbstractContextManager",
        "AsyncContextManager", "Box", "Rc", "Arc", "Ref", "unique_ptr", "shared_ptr",
    ]
    private static let metatypes: Set = ["type", "Type"]
    private static let containersOfFirst: Set = [
        "list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "MutableSequence", "Iterable", "Iterator",
        "Collection", "AsyncIterable", "AsyncIterator", "Generator", "AsyncGenerator", "tuple", "Tuple", "deque",
        "Array", "ReadonlyArray", "IterableIterator", "ReadonlySet", "Vec", "vector",
    ]
    private static let containersOfLast: Set = [
        "dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict", "Map", "ReadonlyMap", "WeakMap",
        "Record", "HashMap", "BTreeMap", "map", "unordered_map",
    ]
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    /// `Next` of `next?: Next`.
    fileprivate var parameterType: Substring {
        split(atTop: [":"]).count == 2 ? split(atTop: [":"])[1].trimmed : trimmed
    }

    /// Go's results may have names: `item *Item`.
    fileprivate var withoutLabel: Substring {
        let text = trimmed
        guard let space = text.firstIndex(of: " "), !["chan", "func", "struct", "interface"].contains(text[..<space]),
            text[..<space].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else { return text }
        let rest = text[space...].trimmed
        return rest.first.map { $0.isLetter || "*[".contains($0) } ?? false ? rest : text
    }

    /// Where the bracket that stands there is closed.
    fileprivate func closing(from start: Index) -> Index? {
        var depth = 0
        var place = start
        while place < endIndex {
            switch self[place] {
            case "(", "[", "{", "<": depth += 1
            case ")", "]", "}":
                depth -= 1
                if depth == 0 { return place }
            case ">":
                // The arrow of a function closes nothing.
                guard place > startIndex, !"=-".contains(self[index(before: place)]) else { break }
                depth -= 1
                if depth == 0 { return place }
            default: break
            }
            place = index(after: place)
        }
        return nil
    }

    /// The pieces between separators that stand in no bracket.
    fileprivate func split(atTop separators: Set<Character>) -> [Substring] {
        guard contains(where: separators.contains) else { return [self] }
        var parts: [Substring] = []
        var start = startIndex
        var place = startIndex
        while place < endIndex {
            if "([{<".contains(self[place]), let end = closing(from: place) {
                place = index(after: end)
                continue
            }
            if separators.contains(self[place]) {
                if start < place { parts.append(self[start..<place]) }
                start = index(after: place)
            }
            place = index(after: place)
        }
        if start < endIndex { parts.append(self[start...]) }
        return parts
    }
}
