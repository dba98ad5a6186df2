/// The tags of a format that gives every argument an element of its own.
struct MarkupDialect: Sendable {
    /// Around one call or several.
    var blockOpening: String?
    var blockClosing: String?
    /// Whether a call counts without its block, when the name is a tool's and a line begins with it.
    var standsAlone = false
    /// Around the name of a tool.
    var callOpening: String
    var nameEnd: String
    var callClosing: String
    /// Around the name of a parameter; the second decides whether the value is text, where the format says so.
    var parameterOpening: String
    var keyEnds: [(text: String, isText: Bool?)]
    /// Between the name and the value, if anything is.
    var valueOpening: String?
    var valueClosing: String
    /// Values stand on lines of their own: one line end on either side is layout, and tags count where a line begins.
    var hasLines = false
}

/// Calls whose arguments are elements of markup.
///
/// A value ends at its closing tag if the next parameter, one that the tool has and this call has not yet, or the end of
/// the call follows. Elements that open within a value have to close within it, so that text which documents this very
/// format survives; at the end of the answer the last closing tags are the call's.
struct MarkupCallGrammar: ToolCallGrammar {
    private enum State {
        case parameters
        case value(ArgumentWriter)
    }

    private let dialect: MarkupDialect
    private let tools: ToolSignatures
    private var state = State.parameters
    private var tool: ToolSignatures.Tool
    private var seen: Set<String> = []
    /// Calls and parameters that the value opened.
    private var nestedCalls = 0
    private var nestedParameters = 0
    private var isLineStart = false

    init(_ dialect: MarkupDialect, _ tools: ToolSignatures) {
        self.dialect = dialect
        self.tools = tools
        tool = tools[""]
    }

    var triggers: Set<UInt8> { [UInt8(ascii: "<")] }

    mutating func open(
        _ look: inout Lookahead, _ place: TextPlace, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> GrammarOpening {
        let start = look.offset
        if let name = try takeOpening(&look, place) {
            output.beginCall(name: name, id: nil)
            output.writeArguments("{".utf8)
            tool = tools[name]
            seen = []
            state = .parameters
            return .call
        }
        look.offset = start
        if place.isAfterCall, let closing = dialect.blockClosing, try look.take(closing) { return .layout }
        return .nothing
    }

    /// The tags up to the first parameter, or the end of a call without any.
    private func takeOpening(_ look: inout Lookahead, _ place: TextPlace) throws(NeedsMore) -> String? {
        var isInBlock = place.isAfterCall
        if let block = dialect.blockOpening, try look.take(block) {
            isInBlock = true
            try look.takeSpace()
        }
        guard let name = try takeCall(&look) else { return nil }
        let isAlone = dialect.blockOpening != nil && !isInBlock
        return isAlone && !(dialect.standsAlone && place.isLineStart && tools.isKnown(name)) ? nil : name
    }

    /// The tag of a call, where a parameter or its end follows; the cursor stays before these.
    private func takeCall(_ look: inout Lookahead) throws(NeedsMore) -> String? {
        guard try look.take(dialect.callOpening) else { return nil }
        let name = try look.takeName()
        guard !name.isEmpty, try look.take(dialect.nameEnd) else { return nil }
        try look.takeSpace()
        let end = look.offset
        if try look.take(dialect.callClosing) {
            look.offset = end
            return name
        }
        guard try takeParameter(&look) != nil else { return nil }
        look.offset = end
        return name
    }

    private func takeParameter(_ look: inout Lookahead) throws(NeedsMore) -> (key: String, isText: Bool?)? {
        guard try look.take(dialect.parameterOpening) else { return nil }
        let start = look.offset
        for end in dialect.keyEnds {
            look.offset = start
            guard let key = try look.takeKey(before: end.text), !key.isEmpty else { continue }
            if let opening = dialect.valueOpening {
                try look.takeSpace()
                guard try look.take(opening) else { return nil }
            }
            return (key, end.isText)
        }
        return nil
    }

    mutating func advance(
        _ input: inout ParserInput, _ output: inout ToolCallOutput
    ) throws(NeedsMore) -> CallProgress {
        switch state {
        case .parameters:
            var look = input.lookahead
            try look.takeSpace()
            let start = look.offset
            if let (key, isText) = try takeParameter(&look) {
                input.position = look.offset
                var types = isText == true ? .string : tool.types(of: key)
                // The model knows better than a schema that lacks the parameter.
                if isText == false, types == .string { types = .any }
                var written: [UInt8] = []
                state = .value(
                    ArgumentWriter(
                        key: key, types: types, isFirst: seen.isEmpty, stripsLineEnds: dialect.hasLines, into: &written)
                )
                output.writeArguments(written)
                seen.insert(key)
                (nestedCalls, nestedParameters, isLineStart) = (0, 0, !dialect.hasLines)
                return .open
            }
            look.offset = start
            if try look.take(dialect.callClosing) { input.position = look.offset }
            close(&output)
            return .ended
        case .value(var value):
            // Out of the state while it changes, so that nothing is copied.
            state = .parameters
            var written: [UInt8] = []
            defer { output.writeArguments(written) }
            while !input.isEmpty {
                let byte = input.bytes[input.position]
                if byte == UInt8(ascii: "<") {
                    do {
                        if let end = try endOfValue(input) {
                            value.finish(into: &written)
                            input.position = end
                            return .open
                        }
                        try nest(input)
                    } catch {
                        state = .value(value)
                        throw error
                    }
                }
                value.append(byte, into: &written)
                isLineStart = byte == 0x0A || (isLineStart && byte.isJSONSpace)
                input.position += 1
            }
            state = .value(value)
            throw NeedsMore()
        }
    }

    mutating func abandon(_ output: inout ToolCallOutput) {
        if case .value(var value) = state {
            var written: [UInt8] = []
            value.finish(into: &written)
            output.writeArguments(written)
        }
        close(&output)
    }

    private mutating func close(_ output: inout ToolCallOutput) {
        output.writeArguments("}".utf8)
        output.endCall()
        state = .parameters
    }

    // MARK: Within a value

    /// Where the value's own tags end, if these are here; the end of the call is not taken.
    private func endOfValue(_ input: ParserInput) throws(NeedsMore) -> Int? {
        var look = input.lookahead
        let start = look.offset
        if try look.take(dialect.valueClosing) {
            let end = look.offset
            if try isLastTags(look) { return end }
            guard nestedCalls == 0 else { return nil }
            try look.takeSpace()
            // The end of a call is this one's: the value has opened none.
            if try isEndOfCall(look) { return end }
            if nestedParameters == 0, try isNextParameter(look) { return end }
            return nil
        }
        // A closing tag that is missing, where lines tell content from structure.
        guard dialect.hasLines, isLineStart, nestedCalls == 0, nestedParameters == 0 else { return nil }
        look.offset = start
        if try isNextParameter(look, isAlone: true) { return start }
        return try isEndOfCall(look) ? start : nil
    }

    /// - Parameter isAlone: whether the tag has to be all of its line.
    private func isNextParameter(_ cursor: Lookahead, isAlone: Bool = false) throws(NeedsMore) -> Bool {
        var look = cursor
        guard let (key, _) = try takeParameter(&look), tool.has(key), !seen.contains(key) else { return false }
        return isAlone ? try look.peek() == 0x0A : true
    }

    private func isEndOfCall(_ cursor: Lookahead) throws(NeedsMore) -> Bool {
        var look = cursor
        if try look.peek() == nil { return true }
        if try look.take(dialect.callClosing) {
            guard let closing = dialect.blockClosing else { return try !isClosingValue(look) }
            try look.takeSpace()
            if try look.take(closing) { return try !isClosingValue(look) }
            return try isEndOrCall(look)
        }
        // The call's own closing tag is missing.
        look = cursor
        guard let closing = dialect.blockClosing, try look.take(closing) else { return false }
        try look.takeSpace()
        return try isEndOrCall(look)
    }

    /// Whether the tags before belong to a value, which ends here.
    private func isClosingValue(_ cursor: Lookahead) throws(NeedsMore) -> Bool {
        var look = cursor
        try look.takeSpace()
        return try look.take(dialect.valueClosing)
    }

    private func isEndOrCall(_ cursor: Lookahead) throws(NeedsMore) -> Bool {
        var look = cursor
        if try look.peek() == nil { return true }
        if let block = dialect.blockOpening, try look.take(block) { try look.takeSpace() }
        return try takeCall(&look) != nil
    }

    /// Whether nothing but closing tags follows: then they are not the value's, whatever it opened.
    private func isLastTags(_ cursor: Lookahead) throws(NeedsMore) -> Bool {
        guard nestedCalls > 0 || nestedParameters > 0 else { return false }
        var look = cursor
        try look.takeSpace()
        _ = try look.take(dialect.callClosing)
        try look.takeSpace()
        if let closing = dialect.blockClosing { _ = try look.take(closing) }
        return try look.takeEnd()
    }

    /// Keeps count of what the value opens and closes itself.
    private mutating func nest(_ input: ParserInput) throws(NeedsMore) {
        var look = input.lookahead
        if nestedCalls == 0, nestedParameters > 0, try look.take(dialect.valueClosing) {
            nestedParameters -= 1
            return
        }
        if nestedCalls > 0, try look.take(dialect.callClosing) {
            nestedCalls -= 1
            return
        }
        guard isLineStart || !dialect.hasLines else { return }
        if try takeCall(&look) != nil {
            nestedCalls += 1
            return
        }
        look.offset = input.position
        guard nestedCalls == 0, try takeParameter(&look) != nil else { return }
        if dialect.hasLines, try look.peek() != 0x0A { return }
        nestedParameters += 1
    }
}
