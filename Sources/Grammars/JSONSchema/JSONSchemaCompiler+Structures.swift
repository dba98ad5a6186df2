internal import JSON

extension JSONSchemaCompiler {
    // MARK: Objects

    private struct Property {
        var name: String
        var value: GrammarBuilder.Expression
        var isRequired: Bool
    }

    mutating func object(_ schema: FlatSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        let names = try schema.propertyNames()
        let required = Set(try schema.required().map { Array($0.utf8) })
        let index = schema.propertyIndex()
        let minimum = try schema.largest("minProperties")
        let maximum = try schema.smallest("maxProperties")
        let additional = schema.additional(index)
        // Who lists properties, be it none, means those; who lists nothing means anything.
        if names.isEmpty, !schema.has("properties") { return try map(additional ?? [], minimum ?? 0, maximum) }
        let isOpen = additional.map { !$0.contains { $0.value.bool == false } } ?? false
        if let minimum, minimum > required.count {
            throw schema.failure(.unsupportedTogether("minProperties", "properties"))
        }
        if let maximum, isOpen || maximum < names.count {
            throw schema.failure(.unsupportedTogether("maxProperties", "properties"))
        }
        var properties: [Property] = []
        for name in names {
            let value = try values(of: schema.property(name, index))
            properties.append(Property(name: name, value: value, isRequired: required.contains(Array(name.utf8))))
        }
        var further: GrammarBuilder.Expression?
        if isOpen, let additional {
            let quote = grammar.word("\"")
            let content = grammar.builder.jsonContent(excluding: names)
            let key = grammar.builder.scope(grammar.builder.sequence([quote, content, quote]))
            further = grammar.member(key, try values(of: additional))
        }
        return grammar.object(members(properties, further))
    }

    /// An object whose members are all alike.
    private mutating func map(
        _ value: [LocatedSchema], _ minimum: Int, _ maximum: Int?
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        if value.isEmpty, minimum == 0, maximum == nil { return grammar.anyObject() }
        let member = grammar.member(grammar.string(), try values(of: value))
        return grammar.object(grammar.list(member, minimum, maximum))
    }

    /// Properties in order, those that are not required maybe left out, then further ones.
    private mutating func members(
        _ properties: [Property], _ further: GrammarBuilder.Expression?
    ) -> GrammarBuilder.Expression {
        let comma = grammar.comma()
        // What can follow when some member came before, and when none did; built from the end.
        var afterSome = grammar.builder.literal([])
        var afterNone = afterSome
        if let further {
            let next = grammar.builder.sequence([comma, further])
            afterSome = grammar.builder.repetition(next, 0, nil)
            afterNone = grammar.builder.optional(grammar.builder.sequence([further, afterSome]))
        }
        for property in properties.reversed() {
            let member = grammar.member(property.name, property.value)
            let first = grammar.builder.sequence([member, afterSome])
            afterNone = property.isRequired ? first : grammar.builder.choice([first, afterNone])
            let next = grammar.builder.sequence([comma, member])
            afterSome = grammar.builder.sequence([
                property.isRequired ? next : grammar.builder.optional(next), afterSome,
            ])
        }
        return afterNone
    }

    // MARK: Arrays

    mutating func array(_ schema: FlatSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        let minimum = try schema.largest("minItems") ?? 0
        let maximum = try schema.smallest("maxItems")
        var lists: [(prefix: [LocatedSchema], rest: LocatedSchema?)] = []
        for member in schema.members {
            var (prefix, rest) = (try member.schemas("prefixItems"), member.schema("items"))
            if member.keyword("items")?.array != nil {
                // As it was written before 2020.
                (prefix, rest) = (try member.schemas("items"), member.schema("additionalItems"))
            }
            lists.append((prefix ?? [], rest))
        }
        let prefixCount = lists.lazy.map(\.prefix.count).max() ?? 0
        var prefix: [GrammarBuilder.Expression] = []
        for position in 0..<prefixCount {
            let schemas = lists.compactMap { position < $0.prefix.count ? $0.prefix[position] : $0.rest }
            prefix.append(try values(of: schemas))
        }
        let item = try values(of: lists.compactMap(\.rest))
        if prefix.isEmpty { return grammar.array(grammar.list(item, minimum, maximum)) }
        if let maximum, maximum < minimum { return grammar.builder.never() }
        return grammar.array(tuple(prefix, item, minimum, maximum))
    }

    /// Items of which the first ones differ.
    private mutating func tuple(
        _ prefix: [GrammarBuilder.Expression], _ item: GrammarBuilder.Expression, _ minimum: Int, _ maximum: Int?
    ) -> GrammarBuilder.Expression {
        let comma = grammar.comma()
        var rest = grammar.builder.literal([])
        if maximum ?? .max > prefix.count {
            let next = grammar.builder.sequence([comma, item])
            rest = grammar.builder.repetition(
                next, max(minimum - prefix.count, 0), maximum.map { $0 - prefix.count })
        }
        for (position, value) in prefix.enumerated().reversed() where position < maximum ?? .max {
            let parts = position == 0 ? [value, rest] : [comma, value, rest]
            let tail = grammar.builder.sequence(parts)
            rest = position < minimum ? tail : grammar.builder.optional(tail)
        }
        return rest
    }
}
