internal import TreeSitter

/// Parses texts and runs queries over them. One thread at a time; memory is used again from text to text.
@safe package struct SyntaxParser: ~Copyable {
    private let parser: OpaquePointer
    private let cursor: OpaquePointer
    private var captures: [SyntaxCapture] = []

    /// - Parameter millisecondsPerFile: texts that take longer to parse are given up.
    package init(millisecondsPerFile: Int = 10_000) {
        unsafe parser = unsafe ts_parser_new()
        unsafe cursor = unsafe ts_query_cursor_new()
        unsafe ts_parser_set_timeout_micros(parser, UInt64(millisecondsPerFile) * 1000)
        // Patterns that could match in too many ways lose their oldest candidates instead of filling the memory.
        unsafe ts_query_cursor_set_match_limit(cursor, 4096)
    }

    deinit {
        unsafe ts_query_cursor_delete(cursor)
        unsafe ts_parser_delete(parser)
    }

    /// Calls `body` for each match of the query, roughly in the order of the text, with the pattern and what it captured.
    ///
    /// Malformed text is parsed as far as possible; bytes that are no UTF-8 are errors in the tree like others.
    /// - Returns: whether the text was parsed; false when it took too long or has 4 GiB or more.
    package mutating func matches(
        of query: SyntaxQuery, grammar: Grammar, in text: UnsafeBufferPointer<UInt8>,
        _ body: (_ pattern: Int, _ captures: [SyntaxCapture]) -> Void
    ) -> Bool {
        guard let size = UInt32(exactly: text.count), unsafe ts_parser_set_language(parser, grammar.language) else {
            return false
        }
        // SAFETY: the text outlives the tree, which ends with this call.
        let parsed = unsafe text.withMemoryRebound(to: CChar.self) { text in
            unsafe ts_parser_parse_string(parser, nil, text.baseAddress, size)
        }
        guard let tree = unsafe parsed else {
            // What a time-out left would be continued with the next text.
            unsafe ts_parser_reset(parser)
            return false
        }
        defer { unsafe ts_tree_delete(tree) }
        unsafe ts_query_cursor_exec(cursor, query.query, ts_tree_root_node(tree))
        var match = unsafe TSQueryMatch()
        while unsafe ts_query_cursor_next_match(cursor, &match) {
            captures.removeAll(keepingCapacity: true)
            let found = unsafe UnsafeBufferPointer(start: match.captures, count: Int(match.capture_count))
            for index in found.indices { captures.append(unsafe SyntaxCapture(found[index])) }
            let pattern = unsafe Int(match.pattern_index)
            guard query.conditions[pattern].allSatisfy({ unsafe $0.holds(of: captures, in: text) }) else { continue }
            body(pattern, captures)
        }
        return true
    }
}

/// A node that a query captured.
package struct SyntaxCapture: Hashable, Sendable {
    /// Index into the query's names of captures.
    package let name: Int
    /// Of the text, in bytes.
    package private(set) var start: Int
    package private(set) var end: Int
    /// Counted from 0.
    package let startRow: Int
    package let endRow: Int
    package private(set) var endColumn: Int

    package var range: Range<Int> { start..<end }

    /// Without some bytes at both ends, none of which end a line.
    package func trimmed(by count: Int) -> SyntaxCapture {
        var inner = self
        inner.start += count
        inner.end -= count
        inner.endColumn -= count
        return inner
    }

    init(_ capture: TSQueryCapture) {
        name = unsafe Int(capture.index)
        start = unsafe Int(ts_node_start_byte(capture.node))
        self.end = unsafe Int(ts_node_end_byte(capture.node))
        startRow = unsafe Int(ts_node_start_point(capture.node).row)
        let end = unsafe ts_node_end_point(capture.node)
        endRow = Int(end.row)
        endColumn = Int(end.column)
    }
}

extension SyntaxQuery.Condition {
    /// Of all nodes that were captured by that name.
    func holds(of captures: [SyntaxCapture], in text: UnsafeBufferPointer<UInt8>) -> Bool {
        captures.allSatisfy { captured in
            guard captured.name == Int(capture) else { return true }
            let bytes = unsafe UnsafeBufferPointer(rebasing: text[captured.range])
            let isEqual =
                texts.contains { unsafe bytes.elementsEqual($0) }
                || captures.contains { other in
                    guard others.contains(UInt32(other.name)) else { return false }
                    return unsafe bytes.elementsEqual(UnsafeBufferPointer(rebasing: text[other.range]))
                }
            return isEqual != isNegated
        }
    }
}
