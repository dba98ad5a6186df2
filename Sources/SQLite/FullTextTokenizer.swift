internal import CSQLite

/// Cuts texts of a full-text table into tokens.
@safe package struct FullTextTokenizer: Sendable {
    /// Takes a token and the range of the text that it stands for; `isAlternative` says that it stands at the same place
    /// as the one before. False when there is no use in going on.
    package typealias Emit = (
        _ token: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ isAlternative: Bool
    ) -> Bool

    package let name: String
    /// - Parameter isQuery: the text is what somebody looks for.
    package let tokenize: @Sendable (_ text: UnsafeBufferPointer<UInt8>, _ isQuery: Bool, _ emit: Emit) -> Void

    package init(
        name: String,
        tokenize: @escaping @Sendable (_ text: UnsafeBufferPointer<UInt8>, _ isQuery: Bool, _ emit: Emit) -> Void
    ) {
        self.name = name
        unsafe self.tokenize = tokenize
    }
}

extension Connection {
    /// Makes a tokenizer known to this connection's full-text tables (FTS5).
    package func add(_ tokenizer: FullTextTokenizer) throws(SQLiteError) {
        guard let api = unsafe csqlite_fts5(handle) else {
            throw SQLiteError(code: 1, message: "this SQLite was built without FTS5", path: path, statement: nil)
        }
        var functions = unsafe fts5_tokenizer(
            xCreate: { box, _, _, out in
                // The box itself serves as the tokenizer: it has no state.
                unsafe out?.pointee = OpaquePointer(box)
                return SQLITE_OK
            },
            xDelete: { _ in },
            xTokenize: { box, context, flags, text, count, token in
                guard let box = unsafe box, let token = unsafe token, let text = unsafe text, count > 0 else {
                    return SQLITE_OK
                }
                // SAFETY: the box is kept until SQLite lets go of the tokenizer, when the connection closes.
                let tokenizer = unsafe Unmanaged<TokenizerBox>.fromOpaque(UnsafeRawPointer(box)).takeUnretainedValue()
                    .tokenizer
                let bytes = unsafe UnsafeBufferPointer(
                    start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: Int(count))
                var code = SQLITE_OK
                unsafe tokenizer.tokenize(bytes, flags & FTS5_TOKENIZE_QUERY != 0) { name, range, isAlternative in
                    unsafe name.withMemoryRebound(to: CChar.self) { name in
                        code = unsafe token(
                            context, isAlternative ? FTS5_TOKEN_COLOCATED : 0, name.baseAddress, Int32(name.count),
                            Int32(range.lowerBound), Int32(range.upperBound))
                    }
                    return code == SQLITE_OK
                }
                return code
            })
        let box = unsafe Unmanaged.passRetained(TokenizerBox(tokenizer)).toOpaque()
        let code = unsafe api.pointee.xCreateTokenizer(api, tokenizer.name, box, &functions) { box in
            if let box = unsafe box { unsafe Unmanaged<TokenizerBox>.fromOpaque(box).release() }
        }
        guard code == SQLITE_OK else { throw error(nil) }
    }
}

private final class TokenizerBox {
    let tokenizer: FullTextTokenizer
    init(_ tokenizer: FullTextTokenizer) { self.tokenizer = tokenizer }
}
