/// How the characters of a text are written.
enum CharacterCoding: Sendable {
    case plain
    /// Within a JSON string: with the escapes that are needed, each in its shortest form.
    case json
}

extension RegularExpression {
    /// A grammar of the texts that the expression matches.
    /// - Parameter isSearch: whether it need match only a part of the text, but for anchors; otherwise all of it.
    func lower(
        into builder: inout GrammarBuilder, coding: CharacterCoding, isSearch: Bool
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        var alternatives: [GrammarBuilder.Expression] = []
        for alternative in topAlternatives {
            var parts = alternative
            let isAtStart = parts.first == .start
            while parts.first == .start { parts.removeFirst() }
            let isAtEnd = parts.last == .end
            while parts.last == .end { parts.removeLast() }
            if isSearch, !isAtStart { parts.insert(.anything, at: 0) }
            if isSearch, !isAtEnd { parts.append(.anything) }
            alternatives.append(try RegularExpression.sequence(parts).lower(into: &builder, coding))
        }
        return builder.choice(alternatives)
    }

    /// The parts of each alternative; groups around everything are opened.
    var topAlternatives: [[RegularExpression]] {
        switch self {
        case .choice(let choices): choices.flatMap(\.topAlternatives)
        case .sequence(let parts):
            // `^(a|b)$` has one alternative, `(^a|b$)` two.
            parts.count == 1 ? parts[0].topAlternatives : [parts]
        default: [[self]]
        }
    }

    private func lower(
        into builder: inout GrammarBuilder, _ coding: CharacterCoding
    ) throws(GrammarError) -> GrammarBuilder.Expression {
        switch self {
        case .characters(let set):
            return coding == .json ? builder.jsonCharacter(set) : builder.character(set)
        case .sequence(let parts):
            var lowered: [GrammarBuilder.Expression] = []
            for part in parts { lowered.append(try part.lower(into: &builder, coding)) }
            return builder.sequence(lowered)
        case .choice(let choices):
            var lowered: [GrammarBuilder.Expression] = []
            for choice in choices { lowered.append(try choice.lower(into: &builder, coding)) }
            return builder.choice(lowered)
        case .repetition(let body, let minimum, let maximum):
            return builder.repetition(try body.lower(into: &builder, coding), minimum, maximum)
        case .start, .end:
            throw .regularExpression(.innerAnchor, offset: 0)
        }
    }
}
