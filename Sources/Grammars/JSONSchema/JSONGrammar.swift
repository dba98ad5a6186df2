/// Where JSON that is generated may have spaces.
package enum JSONSpacing: Hashable, Sendable {
    /// Nowhere.
    case compact
    /// One behind a comma or a colon, or none: what most models write on one line.
    case separators
    /// Between all tokens, and at most so many spaces, line breaks and tabs each time.
    case upTo(Int)
}

/// The parts that JSON texts are made of.
struct JSONGrammar {
    var builder: GrammarBuilder
    private let spacing: JSONSpacing
    private var known: [String: GrammarBuilder.Expression] = [:]

    init(_ builder: GrammarBuilder, spacing: JSONSpacing) {
        self.builder = builder
        self.spacing = spacing
    }

    // MARK: Punctuation

    /// Bytes with spaces where they may be.
    mutating func punctuation(_ text: String, spaceBefore: Bool, spaceAfter: Bool) -> GrammarBuilder.Expression {
        punctuation(Array(text.utf8), spaceBefore: spaceBefore, spaceAfter: spaceAfter)
    }

    private mutating func punctuation(
        _ text: [UInt8], spaceBefore: Bool, spaceAfter: Bool
    ) -> GrammarBuilder.Expression {
        let literal = builder.literal(text)
        if spacing == .separators, text == [UInt8(ascii: ",")] || text == [UInt8(ascii: ":")] {
            return builder.sequence([literal, builder.optional(builder.literal(" "))])
        }
        guard case .upTo(let limit) = spacing, limit > 0 else { return literal }
        let space = remembered("space") { grammar in
            let set = CodePointSet([0x09...0x0A, 0x20...0x20])
            return grammar.builder.repetition(grammar.builder.character(set), 0, limit)
        }
        return builder.sequence((spaceBefore ? [space] : []) + [literal] + (spaceAfter ? [space] : []))
    }

    mutating func comma() -> GrammarBuilder.Expression {
        remembered("comma") { $0.punctuation(",", spaceBefore: true, spaceAfter: true) }
    }

    mutating func remembered(
        _ name: String, _ make: (inout JSONGrammar) -> GrammarBuilder.Expression
    ) -> GrammarBuilder.Expression {
        if let expression = known[name] { return expression }
        let expression = make(&self)
        known[name] = expression
        return expression
    }

    // MARK: Values

    /// A string of any content.
    mutating func string() -> GrammarBuilder.Expression { string(minimum: 0, maximum: nil) }

    /// A string of which an expression matches a part, at least.
    mutating func string(
        matching expression: RegularExpression, _ source: String
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        if let string = known["string /\(source)/"] { return string }
        let string = quoted(try expression.lower(into: &builder, coding: .json, isSearch: true))
        known["string /\(source)/"] = string
        return string
    }

    /// - Parameters:
    ///   - minimum: of code points.
    ///   - maximum: nil for no bound.
    mutating func string(minimum: Int, maximum: Int?) -> GrammarBuilder.Expression {
        // Equal bounds share masks.
        remembered("string \(minimum) \(maximum ?? -1)") { grammar in
            let character = grammar.builder.anyJSONCharacter()
            return grammar.quoted(grammar.builder.repetition(character, minimum, maximum))
        }
    }

    mutating func quoted(_ content: GrammarBuilder.Expression) -> GrammarBuilder.Expression {
        let quote = remembered("quote") { $0.builder.literal("\"") }
        return builder.scope(builder.sequence([quote, content, quote]))
    }

    mutating func number(isWhole: Bool) -> GrammarBuilder.Expression {
        remembered(isWhole ? "integer" : "number") { grammar in
            let digit = grammar.builder.character(.digits)
            let digits = grammar.builder.repetition(digit, 1, nil)
            let zero = grammar.builder.literal("0")
            let leading = grammar.builder.character(CodePointSet([0x31...0x39]))
            let more = grammar.builder.repetition(digit, 0, nil)
            let whole = grammar.builder.choice([zero, grammar.builder.sequence([leading, more])])
            let minus = grammar.builder.optional(grammar.builder.literal("-"))
            if isWhole { return grammar.builder.sequence([minus, whole]) }
            let point = grammar.builder.literal(".")
            let fraction = grammar.builder.optional(grammar.builder.sequence([point, digits]))
            let letter = grammar.builder.character(CodePointSet([0x45...0x45, 0x65...0x65]))
            let sign = grammar.builder.optional(grammar.builder.character(CodePointSet([0x2B...0x2B, 0x2D...0x2D])))
            // Two digits: more would leave the range of doubles.
            let power = grammar.builder.repetition(digit, 1, 2)
            let exponent = grammar.builder.optional(grammar.builder.sequence([letter, sign, power]))
            return grammar.builder.sequence([minus, whole, fraction, exponent])
        }
    }

    mutating func word(_ text: String) -> GrammarBuilder.Expression { remembered(text) { $0.builder.literal(text) } }

    /// Any value at all.
    mutating func value() -> GrammarBuilder.Expression {
        remembered("value") { grammar in
            let use = grammar.builder.rule("any JSON value")
            grammar.known["value"] = use
            let parts = [
                grammar.anyObject(), grammar.anyArray(), grammar.string(), grammar.number(isWhole: false),
                grammar.word("true"), grammar.word("false"), grammar.word("null"),
            ]
            grammar.builder.define("any JSON value", as: grammar.builder.choice(parts))
            return use
        }
    }

    mutating func anyObject() -> GrammarBuilder.Expression {
        remembered("object") { grammar in
            let use = grammar.builder.rule("any JSON object")
            grammar.known["object"] = use
            let key = grammar.string()
            let member = grammar.member(key, grammar.value())
            grammar.builder.define("any JSON object", as: grammar.object(grammar.list(member, 0, nil)))
            return use
        }
    }

    mutating func anyArray() -> GrammarBuilder.Expression {
        remembered("array") { grammar in
            let use = grammar.builder.rule("any JSON array")
            grammar.known["array"] = use
            let value = grammar.value()
            grammar.builder.define("any JSON array", as: grammar.array(grammar.list(value, 0, nil)))
            return use
        }
    }

    // MARK: Structures

    /// - Parameter key: in quotes.
    mutating func member(
        _ key: GrammarBuilder.Expression, _ value: GrammarBuilder.Expression
    ) -> GrammarBuilder.Expression {
        let colon = remembered("colon") { $0.punctuation(":", spaceBefore: true, spaceAfter: true) }
        return builder.sequence([key, colon, value])
    }

    mutating func member(_ name: String, _ value: GrammarBuilder.Expression) -> GrammarBuilder.Expression {
        let key = [0x22] + JSONText.content(name) + [0x22]
        if spacing == .compact { return builder.sequence([builder.literal(key + [0x3A]), value]) }
        return member(builder.literal(key), value)
    }

    mutating func object(_ members: GrammarBuilder.Expression) -> GrammarBuilder.Expression {
        let open = remembered("{") { $0.punctuation("{", spaceBefore: false, spaceAfter: true) }
        let close = remembered("}") { $0.punctuation("}", spaceBefore: true, spaceAfter: false) }
        return builder.sequence([open, members, close])
    }

    mutating func array(_ items: GrammarBuilder.Expression) -> GrammarBuilder.Expression {
        let open = remembered("[") { $0.punctuation("[", spaceBefore: false, spaceAfter: true) }
        let close = remembered("]") { $0.punctuation("]", spaceBefore: true, spaceAfter: false) }
        return builder.sequence([open, items, close])
    }

    /// Items with commas between them.
    mutating func list(
        _ item: GrammarBuilder.Expression, _ minimum: Int, _ maximum: Int?
    ) -> GrammarBuilder.Expression {
        if let maximum, maximum < minimum { return builder.never() }
        if maximum == 0 { return builder.literal([]) }
        let next = builder.sequence([comma(), item])
        let more = builder.repetition(next, max(minimum - 1, 0), maximum.map { $0 - 1 })
        let list = builder.sequence([item, more])
        return minimum == 0 ? builder.optional(list) : list
    }
}
