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
    case toolCall([ToolSignature], ToolCallKeys = .init(), JSONSpacing = .compact)
}

/// A function that a model can call.
package struct ToolSignature: Hashable, Sendable {
    package var name: String
    /// A JSON schema of the arguments, as text.
    package var parameters: String

    package init(name: String, parameters: String) {
        self.name = name
        self.parameters = parameters
    }
}

/// How a model's format calls the two members of a call.
package struct ToolCallKeys: Hashable, Sendable {
    package var name = "name"
    package var arguments = "arguments"

    package init(name: String = "name", arguments: String = "arguments") {
        self.name = name
        self.arguments = arguments
    }
}

/// When a grammar applies, if not to the whole text: each time a trigger has been written, until the grammar ends. Between
/// that the text is free.
package struct Activation: Hashable, Sendable {
    /// Strings that begin a constrained part, such as `<tool_call>`.
    package var triggers: [String]
    /// What stands between a trigger and the constrained part.
    package var opening: String
    /// What must follow the constrained part.
    package var closing: String

    package init(triggers: [String], opening: String = "", closing: String = "") {
        self.triggers = triggers
        self.opening = opening
        self.closing = closing
    }
}

/// A source with when it applies: what compiled grammars are known by.
package struct GrammarRequest: Hashable, Sendable {
    package var source: GrammarSource
    /// Nil for the whole text.
    package var activation: Activation?

    package init(_ source: GrammarSource, activation: Activation? = nil) {
        self.source = source
        self.activation = activation
    }

    /// Time and memory are linear in the source, but for `anyOf` within `allOf`, whose products are bounded.
    package func compile() throws(GrammarError) -> Grammar {
        var builder = GrammarBuilder()
        var root = try source.expression(in: &builder)
        if let activation {
            let opening = builder.literal(activation.opening)
            let closing = builder.literal(activation.closing)
            let body = builder.sequence([opening, root, closing])
            root = builder.text(withPartsAfter: activation.triggers.map { Array($0.utf8) }, body)
        }
        return try builder.build(root: root)
    }
}

extension GrammarSource {
    /// Nesting of schemas; each takes some levels of JSON.
    private static let depthLimit = 128

    fileprivate func expression(in builder: inout GrammarBuilder) throws(GrammarError) -> GrammarBuilder.Expression {
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
            let (root, result) = try Self.compile(text, grammar, prefix: "#")
            builder = result.builder
            return root
        case .toolCall(let tools, let keys, let spacing):
            return try Self.toolCall(tools, keys, spacing, in: &builder)
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

    private static func compile(
        _ text: String, _ grammar: JSONGrammar, prefix: String
    ) throws(GrammarError) -> (GrammarBuilder.Expression, JSONGrammar) {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: Array(text.utf8), depthLimit: depthLimit)
        } catch {
            throw .notJSON(reason: error.description)
        }
        var compiler = JSONSchemaCompiler(grammar, document: document, prefix: prefix)
        let root = try compiler.compile(document)
        return (root, compiler.grammar)
    }

    /// A call of one of some tools; what they have in common is there once.
    private static func toolCall(
        _ tools: [ToolSignature], _ keys: ToolCallKeys, _ spacing: JSONSpacing, in builder: inout GrammarBuilder
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var grammar = JSONGrammar(builder, spacing: spacing)
        var calls: [GrammarBuilder.Expression] = []
        for (index, tool) in tools.enumerated() {
            let arguments: GrammarBuilder.Expression
            (arguments, grammar) = try compile(tool.parameters, grammar, prefix: "\(index)#")
            let name = grammar.builder.literal([0x22] + JSONText.content(tool.name) + [0x22])
            let member = grammar.member(keys.arguments, arguments)
            calls.append(grammar.builder.sequence([name, grammar.comma(), member]))
        }
        let call = grammar.member(keys.name, grammar.builder.choice(calls))
        let root = grammar.object(call)
        builder = grammar.builder
        return root
    }
}
