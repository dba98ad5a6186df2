internal import JSON

/// Makes a grammar of the values that a JSON schema allows: of all of them, or of fewer where the schema leaves open what
/// nobody meant to leave open. Properties come in the order of the schema. What is not understood is refused.
struct JSONSchemaCompiler {
    static let alternativeLimit = 512
    /// Of different sets of schemas that must hold together.
    static let mergedRuleLimit = 4_096
    static let depthLimit = 64

    var grammar: JSONGrammar
    private var references: SchemaReferences
    /// Tells the rules of this document from those of others in the same grammar.
    private let prefix: String
    private var pending: [(rule: String, schemas: [LocatedSchema])] = []
    private var requested: Set<String> = []
    private var mergedRuleCount = 0

    init(_ grammar: JSONGrammar, document: JSONValue, prefix: String) {
        self.grammar = grammar
        references = SchemaReferences(root: document)
        self.prefix = prefix
    }

    /// The values of the whole document.
    mutating func compile() throws(GrammarError) -> GrammarBuilder.Expression {
        try compile(LocatedSchema(value: references.root, path: ""))
    }

    /// The values of a schema in the document.
    mutating func compile(_ schema: LocatedSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        let root = try rule(for: [schema])
        // Not by recursion: a chain of references can be long.
        while let (name, schemas) = pending.popLast() {
            let body =
                schemas.count == 1 ? try lower(schemas[0]) : try lower(try alternatives(of: schemas), at: schemas[0])
            grammar.builder.define(name, as: body)
            try grammar.builder.checkSize()
        }
        return root
    }

    /// The use of a rule for what satisfies all of some schemas.
    private mutating func rule(for schemas: [LocatedSchema]) throws(GrammarError) -> GrammarBuilder.Expression {
        let name = prefix + (schemas.lazy.map(\.path).joined(separator: "\n"))
        if requested.insert(name).inserted {
            pending.append((name, schemas))
            if schemas.count > 1 { mergedRuleCount += 1 }
            guard mergedRuleCount <= Self.mergedRuleLimit else {
                throw schemas[0].failure(.tooManyAlternatives(limit: Self.mergedRuleLimit))
            }
        }
        return grammar.builder.rule(name)
    }

    /// The values that satisfy all of some schemas; any if there are none.
    mutating func values(of schemas: [LocatedSchema]) throws(GrammarError) -> GrammarBuilder.Expression {
        if schemas.contains(where: { $0.value.bool == false }) { return grammar.builder.never() }
        let schemas = schemas.filter { $0.value.bool != true }.uniqueByPath
        if schemas.isEmpty { return grammar.value() }
        // What can hold other schemas becomes a rule, made once however often it is needed.
        if schemas.count == 1, !schemas[0].isNested { return try lower(schemas[0]) }
        return try rule(for: schemas)
    }

    private mutating func lower(_ schema: LocatedSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        try schema.checkKeywords()
        if let bool = schema.value.bool { return bool ? grammar.value() : grammar.builder.never() }
        let assertions = schema.object?.members.lazy.map(\.key).filter { !SchemaKeywords.isAnnotation($0) } ?? []
        // Alone, references and alternatives need no merging, and references may be recursive.
        if assertions.elementsEqual(["$ref"]), let target = try references.target(of: schema) {
            return try rule(for: [target])
        }
        if assertions.elementsEqual(["anyOf"]) || assertions.elementsEqual(["oneOf"]),
            let choices = try schema.schemas(assertions[0])
        {
            if assertions[0] == "oneOf" { try Self.checkDisjoint(choices, of: schema, &references, depth: 0) }
            var lowered: [GrammarBuilder.Expression] = []
            for choice in choices { lowered.append(try lower(choice)) }
            return grammar.builder.choice(lowered)
        }
        return try lower(try alternatives(of: [schema]), at: schema)
    }

    private mutating func lower(
        _ alternatives: [[LocatedSchema]], at schema: LocatedSchema
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var lowered: [GrammarBuilder.Expression] = []
        for members in alternatives { lowered.append(try lower(FlatSchema(members.uniqueByPath, at: schema))) }
        return grammar.builder.choice(lowered)
    }

    // MARK: Merging

    /// Resolves references and combinations: the values are those that satisfy all schemas of one of the lists. Of the
    /// schemas in the lists, what they say by themselves is left to follow.
    private mutating func alternatives(of schemas: [LocatedSchema]) throws(GrammarError) -> [[LocatedSchema]] {
        try Self.alternatives(of: schemas, &references, depth: 0)
    }

    private static func alternatives(
        of schemas: [LocatedSchema], _ references: inout SchemaReferences, depth: Int
    ) throws(GrammarError) -> [[LocatedSchema]] {
        var result: [[LocatedSchema]] = [[]]
        for schema in schemas {
            try schema.checkKeywords()
            guard depth < depthLimit else { throw schema.failure(.circularReference) }
            if let bool = schema.value.bool {
                if !bool { return [] }
                continue
            }
            result = result.map { $0 + [schema] }
            if let target = try references.target(of: schema) {
                let inner = try alternatives(of: [target], &references, depth: depth + 1)
                result = try product(result, inner, at: schema)
            }
            if let all = try schema.schemas("allOf") {
                result = try product(result, try alternatives(of: all, &references, depth: depth + 1), at: schema)
            }
            for keyword in ["anyOf", "oneOf"] {
                guard let choices = try schema.schemas(keyword) else { continue }
                var inner: [[LocatedSchema]] = []
                for choice in choices {
                    inner += try alternatives(of: [choice], &references, depth: depth + 1)
                }
                if keyword == "oneOf" { try checkDisjoint(choices, of: schema, &references, depth: depth + 1) }
                result = try product(result, inner, at: schema)
            }
        }
        return result
    }

    private static func product(
        _ first: [[LocatedSchema]], _ second: [[LocatedSchema]], at schema: LocatedSchema
    ) throws(GrammarError) -> [[LocatedSchema]] {
        guard first.count * second.count <= alternativeLimit else {
            throw schema.failure(.tooManyAlternatives(limit: alternativeLimit))
        }
        return first.flatMap { left in second.map { left + $0 } }
    }

    // MARK: oneOf

    /// Refuses alternatives unless the values generated for one are certain to violate all others.
    private static func checkDisjoint(
        _ choices: [LocatedSchema], of schema: LocatedSchema, _ references: inout SchemaReferences, depth: Int
    ) throws(GrammarError) {
        var shapes: [[AlternativeShape]] = []
        var count = 0
        for choice in choices {
            var own: [AlternativeShape] = []
            for members in try alternatives(of: [choice], &references, depth: depth) {
                own.append(try AlternativeShape(FlatSchema(members, at: choice)))
            }
            shapes.append(own)
            count += own.count
            guard count <= alternativeLimit else {
                throw schema.failure(.tooManyAlternatives(limit: alternativeLimit))
            }
        }
        for first in shapes.indices {
            for second in shapes.indices where first != second {
                for one in shapes[first] {
                    for other in shapes[second] where !one.isRejected(by: other) {
                        throw schema.failure(.overlappingAlternatives(first, second))
                    }
                }
            }
        }
    }
}

extension [LocatedSchema] {
    /// Each place once: recursion would collect the same schemas again and again.
    fileprivate var uniqueByPath: [LocatedSchema] {
        var seen: Set<String> = []
        return filter { seen.insert($0.path).inserted }
    }
}
