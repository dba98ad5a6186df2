extension Parser {
    /// Height of an expression's tree; chains such as `a + b + c ...` nest without recursion in the parser.
    static let expressionDepthLimit = 150

    private func node(_ kind: Expression.Kind, at offset: Int) throws(ChatTemplateError) -> Expression {
        let expression = Expression(kind, at: offset)
        guard expression.depth <= Self.expressionDepthLimit else {
            throw .exhausted(.evaluationDepth(limit: Self.expressionDepthLimit), at: source.location(of: offset))
        }
        return expression
    }

    /// An expression, or several with commas between them, which make a tuple.
    mutating func parseTuple(
        allowsConditional: Bool = true, endedBy end: String? = nil, isParenthesized: Bool = false
    ) throws(ChatTemplateError) -> Expression {
        let start = offset
        var items: [Expression] = []
        var isTuple = false
        while true {
            if !items.isEmpty { try expect(.symbol(.comma)) }
            if isTupleEnd(end) { break }
            items.append(try parseExpression(allowsConditional: allowsConditional))
            guard current == .symbol(.comma) else { break }
            isTuple = true
        }
        if !isTuple {
            if let item = items.first { return item }
            guard isParenthesized else { throw failure("expected an expression, found \(current.described)") }
        }
        return try node(.tuple(items), at: start)
    }

    mutating func parseExpression(allowsConditional: Bool = true) throws(ChatTemplateError) -> Expression {
        try nested { (parser) throws(ChatTemplateError) in
            allowsConditional ? try parser.parseConditional() : try parser.parseOr()
        }
    }

    private mutating func parseConditional() throws(ChatTemplateError) -> Expression {
        let start = offset
        var result = try parseOr()
        while skip(name: "if") {
            let test = try parseOr()
            var otherwise: Expression?
            if skip(name: "else") {
                otherwise = try nested { (parser) throws(ChatTemplateError) in try parser.parseConditional() }
            }
            result = try node(.conditional(test: test, then: result, otherwise: otherwise), at: start)
        }
        return result
    }

    private mutating func parseOr() throws(ChatTemplateError) -> Expression {
        let start = offset
        var left = try parseAnd()
        while skip(name: "or") { left = try node(.or(left, try parseAnd()), at: start) }
        return left
    }

    private mutating func parseAnd() throws(ChatTemplateError) -> Expression {
        let start = offset
        var left = try parseNot()
        while skip(name: "and") { left = try node(.and(left, try parseNot()), at: start) }
        return left
    }

    private mutating func parseNot() throws(ChatTemplateError) -> Expression {
        let start = offset
        guard skip(name: "not") else { return try parseComparison() }
        let operand = try nested { (parser) throws(ChatTemplateError) in try parser.parseNot() }
        return try node(.not(operand), at: start)
    }

    private mutating func parseComparison() throws(ChatTemplateError) -> Expression {
        let start = offset
        let first = try parseSum()
        var rest: [Comparison] = []
        while let (comparison, tokenCount) = comparisonOperator {
            for _ in 0..<tokenCount { advance() }
            rest.append(Comparison(comparison: comparison, operand: try parseSum()))
        }
        return rest.isEmpty ? first : try node(.comparison(first, rest), at: start)
    }

    private var comparisonOperator: (ComparisonOperator, tokenCount: Int)? {
        switch current {
        case .symbol(.equal): (.equal, 1)
        case .symbol(.notEqual): (.notEqual, 1)
        case .symbol(.less): (.less, 1)
        case .symbol(.lessOrEqual): (.lessOrEqual, 1)
        case .symbol(.greater): (.greater, 1)
        case .symbol(.greaterOrEqual): (.greaterOrEqual, 1)
        case .name("in"): (.contained, 1)
        case .name("not") where next == .name("in"): (.notContained, 2)
        default: nil
        }
    }

    private mutating func parseSum() throws(ChatTemplateError) -> Expression {
        var left = try parseConcatenation()
        while true {
            let start = offset
            if skip(.add) {
                left = try node(.arithmetic(.add, left, try parseConcatenation()), at: start)
            } else if skip(.subtract) {
                left = try node(.arithmetic(.subtract, left, try parseConcatenation()), at: start)
            } else {
                return left
            }
        }
    }

    private mutating func parseConcatenation() throws(ChatTemplateError) -> Expression {
        let start = offset
        let first = try parseProduct()
        guard current == .symbol(.tilde) else { return first }
        var items = [first]
        while skip(.tilde) { items.append(try parseProduct()) }
        return try node(.concatenation(items), at: start)
    }

    private mutating func parseProduct() throws(ChatTemplateError) -> Expression {
        var left = try parsePower()
        while true {
            let start = offset
            let operation: ArithmeticOperator
            switch current {
            case .symbol(.multiply): operation = .multiply
            case .symbol(.divide): operation = .divide
            case .symbol(.floorDivide): operation = .floorDivide
            case .symbol(.modulo): operation = .modulo
            default: return left
            }
            advance()
            left = try node(.arithmetic(operation, left, try parsePower()), at: start)
        }
    }

    private mutating func parsePower() throws(ChatTemplateError) -> Expression {
        var left = try parseUnary()
        while true {
            let start = offset
            guard skip(.power) else { return left }
            left = try node(.arithmetic(.power, left, try parseUnary()), at: start)
        }
    }

    private mutating func parseUnary(allowsFilters: Bool = true) throws(ChatTemplateError) -> Expression {
        let start = offset
        var expression: Expression
        if skip(.subtract) {
            expression = try node(.negated(try parseOperand()), at: start)
        } else if skip(.add) {
            expression = try node(.unchanged(try parseOperand()), at: start)
        } else {
            expression = try parsePrimary()
        }
        expression = try parsePostfix(expression)
        return allowsFilters ? try parseFiltersAndTests(expression) : expression
    }

    /// What a sign applies to: filters after it apply to the signed value.
    private mutating func parseOperand() throws(ChatTemplateError) -> Expression {
        try nested { (parser) throws(ChatTemplateError) in try parser.parseUnary(allowsFilters: false) }
    }

    private mutating func parsePrimary() throws(ChatTemplateError) -> Expression {
        let start = offset
        switch current {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return try node(.constant(.bool(true)), at: start)
            case "false", "False": return try node(.constant(.bool(false)), at: start)
            case "none", "None": return try node(.constant(.none), at: start)
            default: return try node(.name(name, use: newUse()), at: start)
            }
        case .string(var text):
            advance()
            while case .string(let more) = current {
                text.bytes += more.bytes
                advance()
            }
            return try node(.constant(.text(text)), at: start)
        case .integer(let value):
            advance()
            return try node(.constant(.int(value)), at: start)
        case .float(let value):
            advance()
            return try node(.constant(.float(value)), at: start)
        case .symbol(.leftParenthesis):
            advance()
            let expression = try parseTuple(isParenthesized: true)
            try expect(.symbol(.rightParenthesis))
            return expression
        case .symbol(.leftBracket): return try parseList()
        case .symbol(.leftBrace): return try parseDictionary()
        default: throw failure("expected an expression, found \(current.described)")
        }
    }

    private mutating func parseList() throws(ChatTemplateError) -> Expression {
        let start = offset
        advance()
        var items: [Expression] = []
        while current != .symbol(.rightBracket) {
            if !items.isEmpty {
                try expect(.symbol(.comma))
                if current == .symbol(.rightBracket) { break }
            }
            items.append(try parseExpression())
        }
        advance()
        return try node(.list(items), at: start)
    }

    private mutating func parseDictionary() throws(ChatTemplateError) -> Expression {
        let start = offset
        advance()
        var pairs: [(key: Expression, value: Expression)] = []
        while current != .symbol(.rightBrace) {
            if !pairs.isEmpty {
                try expect(.symbol(.comma))
                if current == .symbol(.rightBrace) { break }
            }
            let key = try parseExpression()
            try expect(.symbol(.colon))
            pairs.append((key, try parseExpression()))
        }
        advance()
        return try node(.dictionary(pairs), at: start)
    }

    // MARK: After a primary

    private mutating func parsePostfix(_ operand: Expression) throws(ChatTemplateError) -> Expression {
        var expression = operand
        while true {
            let start = offset
            switch current {
            case .symbol(.dot):
                advance()
                switch current {
                case .name(let name):
                    advance()
                    expression = try node(.attribute(expression, AttributeName(name)), at: start)
                case .integer(let index):
                    advance()
                    let index = try node(.constant(.int(index)), at: start)
                    expression = try node(.item(expression, index), at: start)
                default: throw failure("expected a name or a number after '.', found \(current.described)")
                }
            case .symbol(.leftBracket): expression = try parseSubscript(expression)
            case .symbol(.leftParenthesis):
                expression = try node(.call(CallUse(callee: expression, arguments: try parseArguments())), at: start)
            default: return expression
            }
        }
    }

    private mutating func parseSubscript(_ operand: Expression) throws(ChatTemplateError) -> Expression {
        let start = offset
        advance()
        var items: [Expression] = []
        var bounds: [Expression?] = []
        var isSlice = false
        while current != .symbol(.rightBracket) {
            if !items.isEmpty || isSlice { try expect(.symbol(.comma)) }
            if isSlice { throw failure("a slice has no place among several subscripts") }
            if current != .symbol(.colon) { items.append(try parseExpression()) }
            guard current == .symbol(.colon) else { continue }
            guard items.count <= 1 else { throw failure("a slice has no place among several subscripts") }
            isSlice = true
            bounds = [items.first]
            while bounds.count < 3, skip(.colon) {
                switch current {
                case .symbol(.colon), .symbol(.rightBracket), .symbol(.comma): bounds.append(nil)
                default: bounds.append(try parseExpression())
                }
            }
        }
        advance()
        if isSlice {
            let step = bounds.count > 2 ? bounds[2] : nil
            return try node(.slice(operand, start: bounds[0], stop: bounds[1], step: step), at: start)
        }
        if items.count == 1 { return try node(.item(operand, items[0]), at: start) }
        return try node(.item(operand, try node(.tuple(items), at: start)), at: start)
    }

    mutating func parseArguments() throws(ChatTemplateError) -> CallArguments {
        let start = offset
        var arguments = CallArguments()
        try expect(.symbol(.leftParenthesis))
        var isFirst = true
        func require(_ condition: Bool) throws(ChatTemplateError) {
            if !condition { throw failure("the arguments of this call are out of order", at: start) }
        }
        while current != .symbol(.rightParenthesis) {
            if !isFirst {
                try expect(.symbol(.comma))
                if current == .symbol(.rightParenthesis) { break }
            }
            isFirst = false
            if skip(.multiply) {
                try require(arguments.unpackedList == nil && arguments.unpackedMap == nil)
                arguments.unpackedList = try parseExpression()
            } else if skip(.power) {
                try require(arguments.unpackedMap == nil)
                arguments.unpackedMap = try parseExpression()
            } else if case .name(let name) = current, next == .symbol(.assign) {
                try require(arguments.unpackedMap == nil && !arguments.named.contains { $0.name == name })
                advance()
                advance()
                arguments.named.append((name, try parseExpression()))
            } else {
                try require(
                    arguments.unpackedList == nil && arguments.unpackedMap == nil && arguments.named.isEmpty)
                arguments.positional.append(try parseExpression())
            }
        }
        advance()
        return arguments
    }

    // MARK: Filters and tests

    private mutating func parseFiltersAndTests(_ operand: Expression) throws(ChatTemplateError) -> Expression {
        var expression = operand
        while true {
            let start = offset
            switch current {
            case .symbol(.pipe): expression = try parseFilters(on: expression) ?? expression
            case .name("is"): expression = try parseTest(expression)
            case .symbol(.leftParenthesis):
                expression = try node(.call(CallUse(callee: expression, arguments: try parseArguments())), at: start)
            default: return expression
            }
        }
    }

    /// A chain of filters, each after a `|`; nil when there is neither an operand nor a filter.
    mutating func parseFilters(on operand: Expression?) throws(ChatTemplateError) -> Expression? {
        var expression = operand
        while skip(.pipe) { expression = try parseFilter(on: expression) }
        return expression
    }

    mutating func parseFilter(on operand: Expression?) throws(ChatTemplateError) -> Expression {
        let start = offset
        let name = try parseDottedName()
        let arguments = current == .symbol(.leftParenthesis) ? try parseArguments() : CallArguments()
        let use = FilterUse(name: name, operand: operand, arguments: arguments)
        return try node(.filter(use), at: start)
    }

    private mutating func parseDottedName() throws(ChatTemplateError) -> String {
        var name = try expectName()
        while skip(.dot) { name += "." + (try expectName()) }
        return name
    }

    private mutating func parseTest(_ operand: Expression) throws(ChatTemplateError) -> Expression {
        let start = offset
        advance()
        let isNegated = skip(name: "not")
        let name = try parseDottedName()
        var arguments = CallArguments()
        if current == .symbol(.leftParenthesis) {
            arguments = try parseArguments()
        } else if startsTestArgument {
            if current == .name("is") { throw failure("tests can't be chained with 'is'") }
            arguments.positional = [try parsePostfix(try parsePrimary())]
        }
        let use = TestUse(name: name, operand: operand, arguments: arguments)
        let test = try node(.test(use), at: start)
        return isNegated ? try node(.not(test), at: start) : test
    }

    /// Whether the current token begins an argument without parentheses, as in `x is divisibleby 3`.
    private var startsTestArgument: Bool {
        switch current {
        case .name(let name): name != "else" && name != "or" && name != "and"
        case .string, .integer, .float, .symbol(.leftBracket), .symbol(.leftBrace): true
        default: false
        }
    }
}
