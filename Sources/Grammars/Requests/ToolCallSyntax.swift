internal import JSON

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

/// How a call is written.
package enum ToolCallSyntax: Hashable, Sendable {
    /// One object of JSON with the name and the arguments.
    case object(ToolCallKeys = .init())
    /// The name, then the arguments as JSON.
    case named(NamedCall)
    /// An element for each argument.
    case elements(CallElements)
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

/// What stands around the name of a call whose arguments are JSON.
package struct NamedCall: Hashable, Sendable {
    package var before: String
    package var after: String
    /// The name is followed by this and a number.
    package var countMark: String?

    package init(before: String = "", after: String, countMark: String? = nil) {
        self.before = before
        self.after = after
        self.countMark = countMark
    }
}

/// What stands around the name of a call, and around keys and values, in a format of elements.
package struct CallElements: Hashable, Sendable {
    package var beforeName: String
    package var afterName: String
    package var beforeKey: String
    /// After the key of a value that stands as it is, and of one that is JSON.
    package var beforeText: String
    package var beforeJSON: String
    package var afterValue: String
    package var end: String

    package init(
        beforeName: String, afterName: String, beforeKey: String, beforeText: String, beforeJSON: String? = nil,
        afterValue: String, end: String
    ) {
        self.beforeName = beforeName
        self.afterName = afterName
        self.beforeKey = beforeKey
        self.beforeText = beforeText
        self.beforeJSON = beforeJSON ?? beforeText
        self.afterValue = afterValue
        self.end = end
    }
}

extension ToolCallSyntax {
    /// A call of one of some tools; what they have in common is there once. Of a tool whose schema can't be followed, any
    /// arguments will do: the model has seen it, and many are written for more than generating.
    func call(
        of tools: [ToolSignature], _ spacing: JSONSpacing, in builder: inout GrammarBuilder
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var writer = CallWriter(JSONGrammar(builder, spacing: spacing))
        var calls: [GrammarBuilder.Expression] = []
        for (index, tool) in tools.enumerated() {
            let schema = try? GrammarSource.document(tool.parameters)
            let isFollowed = (try? GrammarRequest(.jsonSchema(tool.parameters, spacing)).compile()) != nil
            let parameters = isFollowed ? schema : nil
            let call: GrammarBuilder.Expression
            switch self {
            case .object(let keys): call = try writer.object(tool.name, parameters, prefix: "\(index)#", keys)
            case .named(let form): call = try writer.named(tool.name, parameters, prefix: "\(index)#", form)
            case .elements(let form): call = try writer.elements(tool.name, parameters, prefix: "\(index)#", form)
            }
            calls.append(call)
        }
        var call = writer.grammar.builder.choice(calls)
        if case .object(let keys) = self {
            call = writer.grammar.object(writer.grammar.member(keys.name, call))
        }
        builder = writer.grammar.builder
        return call
    }
}

/// Writes calls into a grammar.
private struct CallWriter {
    var grammar: JSONGrammar

    init(_ grammar: JSONGrammar) { self.grammar = grammar }

    private mutating func literal(_ text: String) -> GrammarBuilder.Expression { grammar.builder.literal(text) }

    private mutating func arguments(
        _ parameters: JSONValue?, prefix: String
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        guard let parameters else { return grammar.anyObject() }
        var compiler = JSONSchemaCompiler(grammar, document: parameters, prefix: prefix)
        let root = try compiler.compile()
        grammar = compiler.grammar
        return root
    }

    /// Without the object's braces and the key of the name, which all calls share.
    mutating func object(
        _ name: String, _ parameters: JSONValue?, prefix: String, _ keys: ToolCallKeys
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        let arguments = try arguments(parameters, prefix: prefix)
        let name = grammar.builder.literal([0x22] + JSONText.content(name) + [0x22])
        return grammar.builder.sequence([name, grammar.comma(), grammar.member(keys.arguments, arguments)])
    }

    mutating func named(
        _ name: String, _ parameters: JSONValue?, prefix: String, _ form: NamedCall
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var parts = [literal(form.before + name)]
        if let mark = form.countMark {
            parts.append(literal(mark))
            parts.append(grammar.builder.repetition(grammar.builder.character(.digits), 1, 6))
        }
        parts.append(literal(form.after))
        parts.append(try arguments(parameters, prefix: prefix))
        return grammar.builder.sequence(parts)
    }

    mutating func elements(
        _ name: String, _ parameters: JSONValue?, prefix: String, _ form: CallElements
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var parts = [literal(form.beforeName + name + form.afterName)]
        if let properties = parameters?.object?["properties"]?.object, let parameters {
            let required = Set(parameters.object?["required"]?.array?.compactMap(\.string) ?? [])
            var known: Set<String> = []
            for (key, schema) in properties.members where known.insert(key).inserted {
                let path = LocatedSchema.path("/properties", key)
                let value = LocatedSchema(value: schema, path: path)
                let element = try element(key, value, of: parameters, prefix: prefix, form)
                parts.append(required.contains(key) ? element : grammar.builder.optional(element))
            }
        } else {
            parts.append(freeElements(form))
        }
        parts.append(literal(form.end))
        return grammar.builder.sequence(parts)
    }

    private mutating func element(
        _ key: String, _ schema: LocatedSchema, of document: JSONValue, prefix: String, _ form: CallElements
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var references = SchemaReferences(root: document)
        let isText = try Self.mayBeText(schema, &references, depth: 0)
        let beginning = literal(form.beforeKey + key + (isText ? form.beforeText : form.beforeJSON))
        if isText, let values = schema.keyword("enum")?.array, values.allSatisfy({ $0.string != nil }) {
            let texts = values.compactMap(\.string)
            let choice = grammar.builder.choice(texts.map { grammar.builder.literal($0 + form.afterValue) })
            return grammar.builder.sequence([beginning, choice])
        }
        if isText { return grammar.builder.sequence([beginning, text(form)]) }
        var compiler = JSONSchemaCompiler(grammar, document: document, prefix: prefix)
        let value = try compiler.compile(schema)
        grammar = compiler.grammar
        return grammar.builder.sequence([beginning, value, literal(form.afterValue)])
    }

    /// Whether strings are among the values: these stand without quotes.
    private static func mayBeText(
        _ schema: LocatedSchema, _ references: inout SchemaReferences, depth: Int
    ) throws(GrammarError) -> Bool {
        guard depth < JSONSchemaCompiler.depthLimit else { return false }
        if let type = schema.keyword("type") {
            return type.string == "string" || type.array?.contains { $0.string == "string" } ?? false
        }
        if let target = try references.target(of: schema) {
            return try mayBeText(target, &references, depth: depth + 1)
        }
        for keyword in ["anyOf", "oneOf"] {
            for choice in try schema.schemas(keyword) ?? [] {
                if try mayBeText(choice, &references, depth: depth + 1) { return true }
            }
        }
        return schema.keyword("enum")?.array?.contains { $0.string != nil } ?? false
    }

    private mutating func text(_ form: CallElements) -> GrammarBuilder.Expression {
        grammar.remembered("text of an element") { $0.builder.text(upTo: form.afterValue) }
    }

    /// Any keys and values.
    private mutating func freeElements(_ form: CallElements) -> GrammarBuilder.Expression {
        let key = grammar.builder.text(upTo: form.beforeText)
        let element = grammar.builder.sequence([literal(form.beforeKey), key, text(form)])
        return grammar.builder.repetition(element, 0, nil)
    }
}
