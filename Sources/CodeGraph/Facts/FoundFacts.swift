internal import Syntax

/// Matches of a query in the order in which they came; `facts` puts them in that of the text.
struct FoundFacts {
    var names = NameTable()
    var symbols: [Symbol] = []
    var references: [Reference] = []
    var routes = FoundRoutes()
    private var imports: [ImportFact] = []
    private var bindings: [Binding] = []
    private var importStarts: [Int] = []
    var annotations: [Annotation] = []
    private var comments: [SyntaxCapture] = []
    private var docs: [SyntaxCapture] = []
    /// Blocks at whose end variables are gone.
    private var scopes: [Range<Int>] = []

    struct Symbol {
        var fact: SymbolFact
        var nameStart: Int
        /// Of the definition or of the first annotation above it.
        var top: (start: Int, row: Int)
        var pattern: Int

        func isBeside(_ other: Symbol) -> Bool { fact.start == other.fact.start && fact.end == other.fact.end }
    }

    struct Reference {
        var fact: ReferenceFact
        var pattern: Int
    }

    private struct Binding {
        var fact: BindingFact
        var nameStart: Int
        var pattern: Int
    }

    struct Annotation {
        var fact: AnnotationFact
        var capture: SyntaxCapture
    }

    /// In bytes. What stands before the last call of a chain may be a whole program.
    private static let longestName = 400

    /// Takes in a match: its one finding and the parts of it.
    mutating func add(
        _ captures: [SyntaxCapture], roles: [CaptureRole], pattern: Int, text: UnsafeBufferPointer<UInt8>
    ) {
        var main: SyntaxCapture?
        var role = CaptureRole.other
        var parts = MatchParts()
        for capture in captures {
            let captured = roles[capture.name]
            if !parts.take(capture, as: captured), main == nil, captured.isFinding {
                main = capture
                role = captured
            }
        }
        guard let main else { return }
        let line = UInt32(main.startRow + 1)
        func id(_ capture: SyntaxCapture?) -> NameTable.ID {
            guard let capture else { return 0 }
            var range = capture.range.prefix(Self.longestName)
            // Ruby's `:name` is the name of a method.
            if range.count > 1, unsafe text[range.lowerBound] == UInt8(ascii: ":"),
                unsafe text[range.lowerBound + 1] != UInt8(ascii: ":")
            {
                range = range.dropFirst()
            }
            return unsafe names.intern(UnsafeBufferPointer(rebasing: text[range]))
        }
        func id(_ pieces: [SyntaxCapture]) -> NameTable.ID {
            guard pieces.count > 1 else { return id(pieces.first) }
            return names.intern(pieces.map { unsafe String(decoding: text[$0.range], as: UTF8.self) }.joined())
        }
        switch role {
        case .definition(let kind):
            guard let name = parts.name, name.start < name.end else { return }
            // A body may stand beside what a macro defines.
            let last = parts.body.map { $0.end > main.end ? $0 : main } ?? main
            let fact = SymbolFact(
                name: unsafe kind == .test ? id(name.withoutQuotes(in: text)) : id(name), kind: kind,
                start: UInt32(main.start), end: UInt32(last.end),
                bodyStart: UInt32(parts.body?.start ?? main.end), line: UInt32(name.startRow + 1),
                endLine: UInt32(last.lastRow + 1), type: id(parts.type), owner: id(parts.owner),
                isDeclaration: parts.isFallback || (parts.body == nil && kind.isCallable && kind != .macro),
                isPrivate: parts.isPrivate)
            symbols.append(
                Symbol(fact: fact, nameStart: name.start, top: (main.start, main.startRow), pattern: pattern))
        case .reference(let role):
            guard let name = parts.name, name.start < name.end else { return }
            let fact = ReferenceFact(
                name: id(name), role: role, receiver: id(parts.receiver), line: UInt32(name.startRow + 1),
                start: UInt32(name.start))
            references.append(Reference(fact: fact, pattern: pattern))
        case .importing:
            imports.append(
                ImportFact(
                    module: id(parts.module), name: id(parts.name), alias: id(parts.alias),
                    isWildcard: parts.isWildcard, line: line))
            importStarts.append(main.start)
        case .binding:
            guard let name = parts.name else { return }
            let said: (type: NameTable.ID, form: BindingForm) =
                if parts.type != nil {
                    (id(parts.type), .declared)
                } else if let expression = parts.expression, expression.isShort {
                    (id(expression.capture), expression.form)
                } else {
                    (id(parts.value), parts.value.isEmpty ? .declared : .made)
                }
            let fact = BindingFact(
                name: id(name), type: said.type, form: said.form, line: line, start: UInt32(name.start))
            bindings.append(Binding(fact: fact, nameStart: name.start, pattern: pattern))
        case .annotation:
            let fact = AnnotationFact(name: id(parts.name), arguments: id(parts.arguments), symbol: -1, line: line)
            annotations.append(Annotation(fact: fact, capture: main))
        case .route: unsafe routes.add(main, parts, text)
        case .prefix: unsafe routes.addPrefix(main, parts, text)
        case .comment: comments.append(main)
        case .doc: docs.append(main)
        case .scope: scopes.append(main.range)
        default: break
        }
    }

    /// All in the order of the text, each in what contains it.
    /// - Parameter grammar: the name of the language's.
    consuming func facts(of text: UnsafeBufferPointer<UInt8>, grammar: String) -> FileFacts {
        orderSymbols()
        var containers = Containment(symbols.map { Int($0.fact.start)..<Int($0.fact.end) })
        nestSymbols(in: &containers)
        attachAnnotations(in: &containers)
        if addRoutes() {
            containers = Containment(symbols.map { Int($0.fact.start)..<Int($0.fact.end) })
            nestSymbols(in: &containers)
        }
        orderReferences()
        orderBindings()
        unsafe attachComments(text)
        var facts = FileFacts()
        facts.names = names
        facts.symbols = symbols.map(\.fact)
        unsafe markInjections(in: text, grammar: grammar)
        facts.references = references.map(\.fact)
        containers.rewind()
        for index in facts.references.indices {
            facts.references[index].container = containers.container(at: Int(facts.references[index].start))
        }
        containers.rewind()
        for index in importStarts.indices.sorted(by: { importStarts[$0] < importStarts[$1] }) {
            facts.imports.append(imports[index])
            facts.imports[facts.imports.count - 1].container = containers.container(at: importStarts[index])
        }
        containers.rewind()
        scopes.sort { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }
        var blocks = Containment(scopes)
        blocks.rewind()
        for binding in bindings {
            var fact = binding.fact
            fact.container = containers.container(at: binding.nameStart)
            let block = blocks.container(at: binding.nameStart)
            if block >= 0 {
                let block = scopes[Int(block)]
                let around = fact.container < 0 ? nil : symbols[Int(fact.container)].fact
                // The block of a whole function says nothing new, nor does one around what the variable is in.
                let isInner = around.map { Int($0.start) < block.lowerBound && block.upperBound < Int($0.end) } ?? true
                if isInner {
                    fact.end = UInt32(block.upperBound)
                    // A comprehension uses its variable before it names it.
                    if fact.form == .element { fact.start = UInt32(block.lowerBound) }
                }
            }
            // What is known of a field stands in the type that has it. Several may be declared at once.
            var own = Int(fact.container)
            while own > 0, symbols[own].nameStart > binding.nameStart, symbols[own].isBeside(symbols[own - 1]) {
                own -= 1
            }
            if own >= 0, symbols[own].nameStart == binding.nameStart { fact.container = symbols[own].fact.parent }
            facts.bindings.append(fact)
        }
        // A constructor's parameter that is a field, too, is a variable there and a member of the type.
        for index in facts.symbols.indices where facts.symbols[index].kind == .field {
            let parent = Int(facts.symbols[index].parent)
            if parent >= 0, facts.symbols[parent].kind == .constructor {
                facts.symbols[index].parent = facts.symbols[parent].parent
            }
        }
        facts.annotations = annotations.map(\.fact)
        containers.rewind()
        docs.sort { $0.start < $1.start }
        for doc in docs {
            let container = Int(containers.container(at: doc.start))
            guard container >= 0, facts.symbols[container].docEnd == 0 else { continue }
            facts.symbols[container].docStart = UInt32(doc.start)
            facts.symbols[container].docEnd = UInt32(doc.end)
        }
        return facts
    }

    /// Containers come first. Where two patterns found the same name, the one that is written first counts.
    private mutating func orderSymbols() {
        var best: [Int: Int] = [:]
        for symbol in symbols { best[symbol.nameStart] = min(best[symbol.nameStart] ?? .max, symbol.pattern) }
        symbols.removeAll { best[$0.nameStart] != $0.pattern }
        symbols.sort { a, b in
            (a.fact.start, b.fact.end, a.nameStart) < (b.fact.start, a.fact.end, b.nameStart)
        }
    }

    private mutating func nestSymbols(in containers: inout Containment) {
        for index in symbols.indices {
            var fact = symbols[index].fact
            fact.parent = containers.parent(of: index)
            let isMember = fact.owner != 0 || (fact.parent >= 0 && symbols[Int(fact.parent)].fact.kind.isType)
            if fact.kind == .function, isMember { fact.kind = .method }
            if fact.kind == .variable, isMember { fact.kind = .field }
            // Of members C++ says something else by it.
            if isMember { fact.isPrivate = false }
            symbols[index].fact = fact
        }
    }

    private mutating func orderReferences() {
        let defined = Set(symbols.lazy.filter { $0.fact.kind != .route }.map { UInt32($0.nameStart) })
        references.sort { ($0.fact.start, $0.pattern) < ($1.fact.start, $1.pattern) }
        var last: UInt32?
        references.removeAll { reference in
            defer { last = reference.fact.start }
            return last == reference.fact.start || defined.contains(reference.fact.start)
        }
    }

    private mutating func orderBindings() {
        bindings.sort { ($0.nameStart, $0.pattern) < ($1.nameStart, $1.pattern) }
        var last: Int?
        bindings.removeAll { binding in
            defer { last = binding.nameStart }
            return last == binding.nameStart
        }
    }

    /// An annotation belongs to the symbol whose name comes next, unless it stands within something else that has no
    /// symbol: a parameter, a statement.
    private mutating func attachAnnotations(in containers: inout Containment) {
        guard !annotations.isEmpty else { return }
        annotations.sort { $0.capture.start < $1.capture.start }
        let byName = symbols.indices.sorted { symbols[$0].nameStart < symbols[$1].nameStart }
        var next = 0
        containers.rewind()
        for index in annotations.indices {
            let capture = annotations[index].capture
            while next < byName.count, symbols[byName[next]].nameStart < capture.end { next += 1 }
            guard next < byName.count else { break }
            let container = containers.container(at: capture.start)
            guard container == Int32(byName[next]) || container == symbols[byName[next]].fact.parent else { continue }
            annotations[index].fact.symbol = Int32(byName[next])
            if capture.start < symbols[byName[next]].top.start {
                symbols[byName[next]].top = (capture.start, capture.startRow)
            }
        }
        annotations.removeAll { $0.fact.symbol < 0 }
    }

    /// The comments that end in the line above a symbol document it.
    private mutating func attachComments(_ text: UnsafeBufferPointer<UInt8>) {
        guard !comments.isEmpty else { return }
        comments.sort { $0.start < $1.start }
        var next = 0
        for index in symbols.indices.sorted(by: { symbols[$0].top.start < symbols[$1].top.start }) {
            let top = symbols[index].top
            while next < comments.count, comments[next].end <= top.start { next += 1 }
            var first = next
            var row = top.row
            while first > 0, comments[first - 1].lastRow + 1 == row, unsafe comments[first - 1].startsLine(of: text) {
                first -= 1
                row = comments[first].startRow
            }
            guard first < next else { continue }
            symbols[index].fact.docStart = UInt32(comments[first].start)
            symbols[index].fact.docEnd = UInt32(comments[next - 1].end)
        }
    }
}

extension SyntaxCapture {
    /// Titles may be strings.
    fileprivate func withoutQuotes(in text: UnsafeBufferPointer<UInt8>) -> SyntaxCapture {
        let quote = UInt8(ascii: "\"")
        guard unsafe end - start > 2 && text[start] == quote && text[end - 1] == quote else { return self }
        return trimmed(by: 1)
    }

    /// Some grammars count the end of the line to a comment.
    fileprivate var lastRow: Int { endColumn == 0 && endRow > startRow ? endRow - 1 : endRow }

    fileprivate func startsLine(of text: UnsafeBufferPointer<UInt8>) -> Bool {
        var place = start
        while place > 0 {
            place -= 1
            switch unsafe text[place] {
            case UInt8(ascii: "\n"): return true
            case UInt8(ascii: " "), UInt8(ascii: "\t"): continue
            default: return false
            }
        }
        return true
    }
}
