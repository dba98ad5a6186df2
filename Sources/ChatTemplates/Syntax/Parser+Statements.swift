extension Parser {
    mutating func parseIf(at start: Int) throws(ChatTemplateError) -> Statement {
        var branches: [ConditionBranch] = []
        var otherwise: [Statement] = []
        while true {
            let test = try parseTuple(allowsConditional: false)
            let (body, end) = try parseBlock(("if", start), until: ["elif", "else", "endif"])
            branches.append(ConditionBranch(test: test, body: body))
            if end == "elif" { continue }
            if end == "else" { otherwise = try parseBlock(("if", start), until: ["endif"]).body }
            return .condition(branches: branches, otherwise: otherwise)
        }
    }

    mutating func parseFor(at start: Int) throws(ChatTemplateError) -> Statement {
        let target = try parseTarget(endedBy: "in")
        var stores = 0
        target.forEachName { name, _ in if name == "loop" { stores += 1 } }
        guard stores == 0 else { throw failure("'loop' can't be the variable of a loop", at: start) }
        guard skip(name: "in") else { throw failure("expected 'in', found \(current.described)") }
        let iterable = try parseTuple(allowsConditional: false, endedBy: "recursive")
        let condition = skip(name: "if") ? try parseExpression() : nil
        if current == .name("recursive") {
            throw .unsupported(construct: "a recursive loop", at: source.location(of: offset))
        }
        let scope = newScope(count: 3)
        let loopUse = newUse()
        let (body, end) = try parseBlock(("for", start), until: ["endfor", "else"])
        let otherwise = end == "else" ? try parseBlock(("for", start), until: ["endfor"]).body : []
        return .loop(
            ForLoop(
                target: target, conditionTarget: copy(target), iterable: iterable, condition: condition, body: body,
                otherwise: otherwise, scope: scope, loopUse: loopUse, offset: start))
    }

    /// The same target with uses of its own.
    private mutating func copy(_ target: AssignmentTarget) -> AssignmentTarget {
        switch target {
        case .name(let name, _, let offset): return .name(name, use: newUse(), offset: offset)
        case .attribute: return target
        case .tuple(let targets):
            var copies: [AssignmentTarget] = []
            for target in targets { copies.append(copy(target)) }
            return .tuple(copies)
        }
    }

    mutating func parseSet(at start: Int) throws(ChatTemplateError) -> Statement {
        let target = try parseTarget(allowsAttributes: true)
        if skip(.assign) { return .assignment(target, try parseTuple()) }
        let filters = try parseFilters(on: nil)
        let scope = newScope()
        let body = try parseBlock(("set", start), until: ["endset"]).body
        return .blockAssignment(BlockAssignment(target: target, filters: filters, body: body, scope: scope))
    }

    mutating func parseMacro(at start: Int) throws(ChatTemplateError) -> Statement {
        let name = try expectName()
        guard !Self.reservedNames.contains(name) else { throw failure("'\(name)' can't name a macro", at: start) }
        let nameUse = newUse()
        let parameters = try parseParameters()
        return .macro(
            try parseDefinition(
                name: name, nameUse: nameUse, parameters: parameters, opener: ("macro", start), end: "endmacro"))
    }

    private mutating func parseDefinition(
        name: String?, nameUse: Int, parameters: [MacroDefinition.Parameter], opener: (String, Int), end: String
    ) throws(ChatTemplateError) -> MacroDefinition {
        let scope = newScope()
        let specialUses = (caller: newUse(), kwargs: newUse(), varargs: newUse())
        let body = try parseBlock(opener, until: [end]).body
        return MacroDefinition(
            name: name, nameUse: nameUse, parameters: parameters, body: body, scope: scope, specialUses: specialUses,
            offset: opener.1)
    }

    private mutating func parseParameters() throws(ChatTemplateError) -> [MacroDefinition.Parameter] {
        var parameters: [MacroDefinition.Parameter] = []
        try expect(.symbol(.leftParenthesis))
        while current != .symbol(.rightParenthesis) {
            if !parameters.isEmpty { try expect(.symbol(.comma)) }
            let start = offset
            let name = try expectName()
            guard !Self.reservedNames.contains(name), !parameters.contains(where: { $0.name == name }) else {
                throw failure("'\(name)' can't be a parameter here", at: start)
            }
            let use = newUse()
            let fallback = skip(.assign) ? try parseExpression() : nil
            if fallback == nil, parameters.last?.fallback != nil {
                throw failure("the parameter '\(name)' without a default follows one with a default", at: start)
            }
            parameters.append(.init(name: name, use: use, fallback: fallback))
        }
        advance()
        return parameters
    }

    mutating func parseCallBlock(at start: Int) throws(ChatTemplateError) -> Statement {
        let parameters = current == .symbol(.leftParenthesis) ? try parseParameters() : []
        let expression = try parseExpression()
        guard case .call(let call) = expression.kind else {
            throw failure("'call' needs a call to pass its body to", at: start)
        }
        let caller = try parseDefinition(
            name: nil, nameUse: newUse(), parameters: parameters, opener: ("call", start), end: "endcall")
        return .call(CallBlock(call: call, caller: caller, offset: start))
    }

    mutating func parseGeneration(at start: Int) throws(ChatTemplateError) -> Statement {
        .generation(
            try parseDefinition(
                name: nil, nameUse: newUse(), parameters: [], opener: ("generation", start), end: "endgeneration"))
    }

    mutating func parseFilterBlock(at start: Int) throws(ChatTemplateError) -> Statement {
        let first = try parseFilter(on: nil)
        let filters = try parseFilters(on: first) ?? first
        let scope = newScope()
        let body = try parseBlock(("filter", start), until: ["endfilter"]).body
        return .filter(FilterBlock(filters: filters, body: body, scope: scope))
    }

    mutating func parseWith(at start: Int) throws(ChatTemplateError) -> Statement {
        var assignments: [(target: AssignmentTarget, value: Expression)] = []
        while current != .blockEnd, current != .end {
            if !assignments.isEmpty { try expect(.symbol(.comma)) }
            let target = try parseTarget()
            try expect(.symbol(.assign))
            assignments.append((target, try parseExpression()))
        }
        let scope = newScope()
        let body = try parseBlock(("with", start), until: ["endwith"]).body
        return .with(WithBlock(assignments: assignments, body: body, scope: scope))
    }

    /// `{% print a, b %}`: the values one after another.
    mutating func parsePrint(at start: Int) throws(ChatTemplateError) -> Statement {
        var items: [Expression] = []
        while current != .blockEnd, current != .end {
            if !items.isEmpty { try expect(.symbol(.comma)) }
            items.append(try parseExpression())
        }
        return .output(Expression(.concatenation(items), at: start))
    }

    // MARK: Targets

    static let reservedNames: Set<String> = ["true", "false", "none", "True", "False", "None"]

    /// A name, `name.attribute` where allowed, or several of them with commas.
    mutating func parseTarget(
        allowsAttributes: Bool = false, endedBy end: String? = nil
    ) throws(ChatTemplateError) -> AssignmentTarget {
        var targets: [AssignmentTarget] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expect(.symbol(.comma)) }
            if isTupleEnd(end) { break }
            targets.append(try parseSingleTarget(allowsAttributes: allowsAttributes))
            guard current == .symbol(.comma) else { break }
            isTuple = true
        }
        if isTuple { return .tuple(targets) }
        guard let target = targets.first else { throw failure("expected a name, found \(current.described)") }
        return target
    }

    private mutating func parseSingleTarget(allowsAttributes: Bool) throws(ChatTemplateError) -> AssignmentTarget {
        let start = offset
        if skip(.leftParenthesis) {
            let target = try nested { (parser) throws(ChatTemplateError) in
                try parser.parseTarget(allowsAttributes: false)
            }
            try expect(.symbol(.rightParenthesis))
            return target
        }
        guard case .name(let name) = current, !Self.reservedNames.contains(name) else {
            throw failure("can't assign to \(current.described)")
        }
        advance()
        guard allowsAttributes, skip(.dot) else { return .name(name, use: newUse(), offset: start) }
        return .attribute(ofName: name, use: newUse(), attribute: try expectName(), offset: start)
    }

    func isTupleEnd(_ end: String? = nil) -> Bool {
        switch current {
        case .variableEnd, .blockEnd, .symbol(.rightParenthesis): true
        case .name(let name): name == end
        default: false
        }
    }
}
