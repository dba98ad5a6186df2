internal import JSON

/// What a request asks the output to be, as it was written.
package enum GrammarSource: Hashable, Sendable {
    /// llama.cpp's notation; the text is what the rule `root` matches.
    case gbnf(String)
    /// JavaScript's notation; it matches the whole text.
    case regularExpression(String)
    /// One of some strings.
    case choice([String])
    /// Any JSON value.
    case jsonValue(JSONSpacing = .compact)
    /// Any JSON object.
    case jsonObject(JSONSpacing = .compact)
    /// - Parameter schema: as JSON text.
    case jsonSchema(String, JSONSpacing = .compact)
    /// One call of one of some tools.
    case toolCall([ToolSignature], ToolCallSyntax = .object(), JSONSpacing = .compact)
}

extension GrammarSource {
    /// Nesting of schemas; each takes some levels of JSON.
    private static let depthLimit = 128

    func expression(in builder: inout GrammarBuilder) throws(GrammarError) -> GrammarBuilder.Expression {
        switch self {
        case .gbnf(let text):
            var parser = GBNFParser(text, builder: builder)
            let root = try parser.parse(root: "root")
            builder = parser.builder
            return root
        case .regularExpression(let text):
            var parser = RegularExpressionParser(text)
            return try parser.parse().lower(into: &builder, coding: .plain, isSearch: false)
        case .choice(let strings):
            return builder.choice(strings.map { builder.literal($0) })
        case .jsonValue(let spacing):
            return Self.json(&builder, spacing) { $0.value() }
        case .jsonObject(let spacing):
            return Self.json(&builder, spacing) { $0.anyObject() }
        case .jsonSchema(let text, let spacing):
            let grammar = JSONGrammar(builder, spacing: spacing)
            var compiler = JSONSchemaCompiler(grammar, document: try Self.document(text), prefix: "#")
            let root = try compiler.compile()
            builder = compiler.grammar.builder
            return root
        case .toolCall(let tools, let syntax, let spacing):
            return try syntax.call(of: tools, spacing, in: &builder)
        }
    }

    private static func json(
        _ builder: inout GrammarBuilder, _ spacing: JSONSpacing,
        _ make: (inout JSONGrammar) -> GrammarBuilder.Expression
    ) -> GrammarBuilder.Expression {
        var grammar = JSONGrammar(builder, spacing: spacing)
        let root = make(&grammar)
        builder = grammar.builder
        return root
    }

    /// A schema's text, read.
    static func document(_ text: String) throws(GrammarError) -> JSONValue {
        do { return try JSONValue(parsing: Array(text.utf8), depthLimit: depthLimit) } catch {
            throw .notJSON(reason: error.description)
        }
    }
}
