internal import JSON

extension JSONSchemaCompiler {
    /// The values that satisfy what a schema says by itself.
    mutating func lower(_ schema: FlatSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        if let values = schema.values { return try lower(values, of: schema) }
        let isUnconstrained = schema.members.allSatisfy { member in
            member.object?.members.allSatisfy {
                SchemaKeywords.isAnnotation($0.key) || SchemaKeywords.combinators.contains($0.key) || $0.key == "$id"
            } ?? true
        }
        if isUnconstrained { return grammar.value() }
        var choices: [GrammarBuilder.Expression] = []
        if schema.types.contains(.object) { choices.append(try object(schema)) }
        if schema.types.contains(.array) { choices.append(try array(schema)) }
        if schema.types.contains(.string) { choices.append(try string(schema)) }
        if !schema.types.isDisjoint(with: .number) { choices.append(try number(schema)) }
        if schema.types.contains(.boolean) { choices += [grammar.word("true"), grammar.word("false")] }
        if schema.types.contains(.null) { choices.append(grammar.word("null")) }
        return grammar.builder.choice(choices)
    }

    // MARK: enum and const

    private mutating func lower(
        _ values: [JSONValue], of schema: FlatSchema
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        for member in schema.members {
            for (key, _) in member.object?.members ?? [] {
                let isHarmless =
                    SchemaKeywords.isAnnotation(key) || SchemaKeywords.combinators.contains(key)
                    || ["enum", "const", "type", "nullable", "$id", "id"].contains(key)
                guard isHarmless else {
                    throw member.failure(.unsupportedTogether(schema.has("enum") ? "enum" : "const", key))
                }
            }
        }
        var choices: [GrammarBuilder.Expression] = []
        for value in values where schema.types.contains(SchemaTypes(of: value)) {
            choices.append(try constant(value, of: schema))
        }
        return grammar.builder.choice(choices)
    }

    private mutating func constant(
        _ value: JSONValue, of schema: FlatSchema
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        switch value {
        case .null: return grammar.builder.literal("null")
        case .bool(let value): return grammar.builder.literal(value ? "true" : "false")
        case .string(let text): return grammar.builder.literal([0x22] + JSONText.content(text) + [0x22])
        case .integer, .largeInteger, .number:
            guard let text = JSONText.number(value) else {
                throw schema.failure(.malformedKeyword("const", expected: "a finite number"))
            }
            return grammar.builder.literal(text)
        case .array(let values):
            var parts: [GrammarBuilder.Expression] = []
            for value in values {
                if !parts.isEmpty { parts.append(grammar.comma()) }
                parts.append(try constant(value, of: schema))
            }
            return grammar.array(grammar.builder.sequence(parts))
        case .object(let object):
            var parts: [GrammarBuilder.Expression] = []
            for (name, value) in object.members {
                if !parts.isEmpty { parts.append(grammar.comma()) }
                parts.append(grammar.member(name, try constant(value, of: schema)))
            }
            return grammar.object(grammar.builder.sequence(parts))
        }
    }

    // MARK: Strings

    private mutating func string(_ schema: FlatSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        let (minimum, maximum) = (try schema.largest("minLength"), try schema.smallest("maxLength"))
        let pattern = try schema.only("pattern")
        let format = try schema.only("format").flatMap { SchemaFormats.isAnnotation($0) ? nil : $0 }
        guard pattern != nil || format != nil else {
            if minimum ?? 0 == 0, maximum == nil { return grammar.string() }
            if let maximum, maximum < minimum ?? 0 { return grammar.builder.never() }
            return grammar.string(minimum: minimum ?? 0, maximum: maximum)
        }
        if pattern != nil, format != nil { throw schema.failure(.unsupportedTogether("pattern", "format")) }
        let source: String
        if let format {
            guard let known = SchemaFormats.expressions[format] else {
                throw schema.failure(.unsupportedFormat(format))
            }
            source = known
        } else {
            source = pattern ?? ""
        }
        let expression: RegularExpression
        do {
            var parser = RegularExpressionParser(source)
            expression = try parser.parse()
        } catch .regularExpression(let problem, let offset) {
            throw schema.failure(.pattern("character \(offset + 1): \(problem)"))
        }
        let keyword = pattern == nil ? "format" : "pattern"
        let length = expression.searchLength
        if let minimum, length.minimum < minimum { throw schema.failure(.unsupportedTogether(keyword, "minLength")) }
        if let maximum, length.maximum ?? .max > maximum {
            throw schema.failure(.unsupportedTogether(keyword, "maxLength"))
        }
        do {
            return try grammar.string(matching: expression, source)
        } catch .regularExpression(let problem, _) {
            throw schema.failure(.pattern("\(problem)"))
        }
    }

    // MARK: Numbers

    private mutating func number(_ schema: FlatSchema) throws(GrammarError) -> GrammarBuilder.Expression {
        let isWhole = !schema.types.contains(.fraction)
        var range = DecimalRange(isWhole: isWhole)
        for member in schema.members {
            for (keyword, isExclusive) in [("minimum", false), ("exclusiveMinimum", true)] {
                if let bound = try decimal(keyword, of: member) { range.raise(to: bound, isExclusive: isExclusive) }
            }
            for (keyword, isExclusive) in [("maximum", false), ("exclusiveMaximum", true)] {
                if let bound = try decimal(keyword, of: member) { range.lower(to: bound, isExclusive: isExclusive) }
            }
        }
        return range.isBounded ? range.expression(in: &grammar.builder) : grammar.number(isWhole: isWhole)
    }

    private func decimal(_ keyword: String, of schema: LocatedSchema) throws(GrammarError) -> Decimal? {
        guard let value = schema.keyword(keyword) else { return nil }
        guard let text = JSONText.number(value), let decimal = Decimal(text) else {
            throw schema.failure(
                .malformedKeyword(keyword, expected: "a number of at most \(Decimal.digitLimit) digits"))
        }
        return decimal
    }
}
