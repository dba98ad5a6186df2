/// Builds the statements of a template from its tokens, by recursive descent.
struct Parser {
    /// Tags, brackets and operators inside one another; more is an error, since parsing and evaluation recurse.
    static let nestingLimit = 100

    let source: SourceText
    let tokens: [Token]
    var position = 0
    private var nesting = 0
    /// Names met so far: each occurrence gets an index that the `Binder` gives a meaning.
    private(set) var useCount = 0
    private(set) var scopeCount = 0

    init(_ source: SourceText) throws(ChatTemplateError) {
        self.source = source
        tokens = try Lexer.tokenize(source)
    }

    mutating func parse() throws(ChatTemplateError) -> [Statement] {
        try parseBody(until: [], openedBy: nil)
    }

    // MARK: Tokens

    var current: Token.Kind { tokens[position].kind }
    var offset: Int { tokens[position].offset }

    var next: Token.Kind { tokens[min(position + 1, tokens.count - 1)].kind }

    mutating func advance() {
        if position < tokens.count - 1 { position += 1 }
    }

    mutating func skip(_ symbol: Token.Symbol) -> Bool {
        guard current == .symbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard current == .name(name) else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind) throws(ChatTemplateError) {
        guard current == kind else { throw failure("expected \(kind.described), found \(current.described)") }
        advance()
    }

    mutating func expectName() throws(ChatTemplateError) -> String {
        guard case .name(let name) = current else { throw failure("expected a name, found \(current.described)") }
        advance()
        return name
    }

    func failure(_ problem: String, at offset: Int? = nil) -> ChatTemplateError {
        .syntax(problem, at: source.location(of: offset ?? self.offset))
    }

    mutating func newUse() -> Int {
        useCount += 1
        return useCount - 1
    }

    mutating func newScope(count: Int = 1) -> Int {
        scopeCount += count
        return scopeCount - count
    }

    mutating func nested<Result>(
        _ body: (inout Parser) throws(ChatTemplateError) -> Result
    ) throws(ChatTemplateError) -> Result {
        guard nesting < Self.nestingLimit else {
            throw .exhausted(.evaluationDepth(limit: Self.nestingLimit), at: source.location(of: offset))
        }
        nesting += 1
        defer { nesting -= 1 }
        return try body(&self)
    }

    // MARK: Bodies

    /// Statements up to a tag named in `ends`, whose name is the current token afterwards; or to the end of the template.
    mutating func parseBody(until ends: [String], openedBy opener: (String, Int)?) throws(ChatTemplateError)
        -> [Statement]
    {
        try nested { (parser) throws(ChatTemplateError) in
            try parser.parseStatements(until: ends, openedBy: opener)
        }
    }

    private mutating func parseStatements(
        until ends: [String], openedBy opener: (String, Int)?
    ) throws(ChatTemplateError) -> [Statement] {
        var statements: [Statement] = []
        while true {
            switch current {
            case .data(let text):
                statements.append(.text(text.bytes))
                advance()
            case .variableBegin:
                advance()
                statements.append(.output(try parseTuple()))
                try expect(.variableEnd)
            case .blockBegin:
                advance()
                guard case .name(let tag) = current else {
                    throw failure("expected the name of a tag, found \(current.described)")
                }
                if ends.contains(tag) { return statements }
                statements.append(try parseTag(tag, ends: ends))
                try expect(.blockEnd)
            case .end:
                guard let opener else { return statements }
                throw failure(
                    "the template ends inside of '\(opener.0)'; "
                        + ends.map { "'\($0)'" }.joined(separator: " or ") + " is missing",
                    at: opener.1)
            default: throw failure("unexpected \(current.described)")
            }
        }
    }

    /// The body of a tag whose opening tag has been read up to its end. Consumes the name of the tag that ends it.
    mutating func parseBlock(_ opener: (String, Int), until ends: [String]) throws(ChatTemplateError) -> (
        body: [Statement], end: String
    ) {
        // A colon is allowed, for those who come from Python.
        _ = skip(.colon)
        try expect(.blockEnd)
        let body = try parseBody(until: ends, openedBy: opener)
        return (body, try expectName())
    }

    private mutating func parseTag(_ tag: String, ends: [String]) throws(ChatTemplateError) -> Statement {
        let start = offset
        advance()
        switch tag {
        case "if": return try parseIf(at: start)
        case "for": return try parseFor(at: start)
        case "set": return try parseSet(at: start)
        case "macro": return try parseMacro(at: start)
        case "call": return try parseCallBlock(at: start)
        case "filter": return try parseFilterBlock(at: start)
        case "with": return try parseWith(at: start)
        case "print": return try parsePrint(at: start)
        case "generation": return try parseGeneration(at: start)
        case "break": return .breakLoop(offset: start)
        case "continue": return .continueLoop(offset: start)
        case "extends", "block", "include", "import", "from", "autoescape":
            throw .unsupported(construct: "the tag '\(tag)'", at: source.location(of: start))
        default:
            let expectation =
                ends.isEmpty ? "" : "; " + ends.map { "'\($0)'" }.joined(separator: " or ") + " was expected"
            throw failure("unknown or misplaced tag '\(tag)'\(expectation)", at: start)
        }
    }
}
