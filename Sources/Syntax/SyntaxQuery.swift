internal import TreeSitter

/// Patterns over syntax trees, compiled for one grammar. May be used by several threads.
///
/// Of tree-sitter's predicates `#eq?`, `#not-eq?`, `#any-of?` and `#not-any-of?` are applied, each to a capture and
/// texts or other captures.
@safe package final class SyntaxQuery: @unchecked Sendable {
    // SAFETY: a query is constant once it is made.
    let query: OpaquePointer
    /// Of the captures, by index.
    package let captureNames: [String]
    /// What must hold of a pattern's captures, by index of the pattern.
    let conditions: [[Condition]]

    struct Condition {
        var capture: UInt32
        var texts: [[UInt8]]
        /// Captures whose texts are among those compared with.
        var others: [UInt32]
        var isNegated: Bool
    }

    package init(_ source: String, grammar: Grammar) throws(GrammarError) {
        var offset: UInt32 = 0
        var kind = TSQueryErrorNone
        var source = source
        let made = source.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { text in
                unsafe ts_query_new(grammar.language, text.baseAddress, UInt32(text.count), &offset, &kind)
            }
        }
        guard let query = unsafe made else {
            throw Self.error(source, offset: Int(offset), kind: kind, grammar: grammar.name)
        }
        unsafe self.query = query
        let captureCount = unsafe ts_query_capture_count(query)
        captureNames = (0..<captureCount).map { index in
            var length: UInt32 = 0
            return unsafe String(cString: ts_query_capture_name_for_id(query, index, &length))
        }
        let patternCount = unsafe ts_query_pattern_count(query)
        conditions = (0..<patternCount).map { unsafe Self.conditions(query, pattern: $0) }
    }

    deinit { unsafe ts_query_delete(query) }

    private static func conditions(_ query: OpaquePointer, pattern: UInt32) -> [Condition] {
        var count: UInt32 = 0
        guard let first = unsafe ts_query_predicates_for_pattern(query, pattern, &count) else { return [] }
        let steps = unsafe UnsafeBufferPointer(start: first, count: Int(count))
        var found: [Condition] = []
        var names: [String] = []
        var captures: [UInt32] = []
        for index in steps.indices {
            let step = unsafe steps[index]
            switch step.type {
            case TSQueryPredicateStepTypeCapture: captures.append(step.value_id)
            case TSQueryPredicateStepTypeString:
                var length: UInt32 = 0
                names.append(unsafe String(cString: ts_query_string_value_for_id(query, step.value_id, &length)))
            default:
                let operation = names.first ?? ""
                if let capture = captures.first, ["eq?", "any-of?", "not-eq?", "not-any-of?"].contains(operation) {
                    found.append(
                        Condition(
                            capture: capture, texts: names.dropFirst().map { Array($0.utf8) },
                            others: Array(captures.dropFirst()), isNegated: operation.hasPrefix("not-")))
                }
                names = []
                captures = []
            }
        }
        return found
    }

    private static func error(_ source: String, offset: Int, kind: TSQueryError, grammar: String) -> GrammarError {
        let before = source.utf8.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
        let rest = String(decoding: source.utf8.dropFirst(offset).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let problem =
            switch kind {
            case TSQueryErrorSyntax: "malformed before '\(rest)'"
            case TSQueryErrorNodeType: "there is no kind of node at '\(rest)'"
            case TSQueryErrorField: "there is no field at '\(rest)'"
            case TSQueryErrorCapture: "there is no capture at '\(rest)'"
            case TSQueryErrorStructure: "no tree has the shape at '\(rest)'"
            default: "the grammar's version is not supported"
            }
        return .badQuery(grammar: grammar, line: line, column: column, problem: problem)
    }
}
