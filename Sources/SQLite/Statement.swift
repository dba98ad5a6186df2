internal import CSQLite

/// A compiled statement. Keeps its connection open.
@safe package final class Statement {
    private let connection: Connection
    private let handle: OpaquePointer

    init(_ connection: Connection, _ text: String) throws(SQLiteError) {
        var made: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            connection.handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made = unsafe made else { throw connection.error(text) }
        self.connection = connection
        unsafe handle = made
    }

    deinit { unsafe sqlite3_finalize(handle) }

    private var text: String { unsafe String(cString: sqlite3_sql(handle)) }

    /// Binds all parameters, from ?1 on, and makes the statement ready to run.
    package func bind(_ values: [any Bindable]) throws(SQLiteError) {
        unsafe sqlite3_reset(handle)
        for (index, value) in values.enumerated() {
            try bind(value.boundValue, at: Int32(index + 1))
        }
    }

    private func bind(_ value: BoundValue, at index: Int32) throws(SQLiteError) {
        let code =
            switch value {
            case .null: unsafe sqlite3_bind_null(handle, index)
            case .integer(let number): unsafe sqlite3_bind_int64(handle, index, number)
            case .real(let number): unsafe sqlite3_bind_double(handle, index, number)
            case .text(let text):
                unsafe csqlite_bind_text_copy(handle, index, text, Int32(text.utf8.count))
            case .bytes(let bytes):
                unsafe bytes.withUnsafeBytes {
                    unsafe csqlite_bind_blob_copy(handle, index, $0.baseAddress, Int32($0.count))
                }
            }
        guard code == SQLITE_OK else { throw connection.error(text) }
    }

    /// Binds bytes as text without copying them; they must stay until the statement has run.
    package func bind(unsafeText bytes: UnsafeBufferPointer<UInt8>, at index: Int32) throws(SQLiteError) {
        let code = unsafe bytes.withMemoryRebound(to: CChar.self) {
            unsafe csqlite_bind_text_in_place(handle, index, $0.baseAddress, Int32($0.count))
        }
        guard code == SQLITE_OK else { throw connection.error(text) }
    }

    /// Goes on to the next row, if there is one.
    package func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            unsafe sqlite3_reset(handle)
            return false
        default:
            let error = connection.error(text)
            unsafe sqlite3_reset(handle)
            throw error
        }
    }

    /// Binds, and runs a statement that gives no rows.
    package func run(_ values: any Bindable...) throws(SQLiteError) {
        try bind(values)
        _ = try step()
    }

    /// Binds, and gives the first row's value, if there is a row.
    package func first<R>(_ values: any Bindable..., row: (Statement) -> R) throws(SQLiteError) -> R? {
        try bind(values)
        guard try step() else { return nil }
        defer { unsafe sqlite3_reset(handle) }
        return row(self)
    }

    /// A column of the row at hand, counted from 0.
    package func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }
    package func int(_ column: Int32) -> Int { Int(integer(column)) }
    package func real(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }
    package func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    package func string(_ column: Int32) -> String {
        guard let text = unsafe sqlite3_column_text(handle, column) else { return "" }
        let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column)))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes of a text, without copying them: they stay until the next step.
    package func withBytes<R>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let text = unsafe sqlite3_column_text(handle, column)
        return unsafe body(UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column))))
    }

    package func bytes(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }
}

package enum BoundValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
}

/// What can stand for a parameter of a statement.
package protocol Bindable {
    var boundValue: BoundValue { get }
}

extension Int: Bindable { package var boundValue: BoundValue { .integer(Int64(self)) } }
extension Int64: Bindable { package var boundValue: BoundValue { .integer(self) } }
extension Double: Bindable { package var boundValue: BoundValue { .real(self) } }
extension String: Bindable { package var boundValue: BoundValue { .text(self) } }
extension [UInt8]: Bindable { package var boundValue: BoundValue { .bytes(self) } }
extension Optional: Bindable where Wrapped: Bindable {
    package var boundValue: BoundValue { map(\.boundValue) ?? .null }
}
