internal import CSQLite

/// One connection to a database file. One thread at a time.
@safe package final class Connection {
    package let path: String
    // SAFETY: open from init to deinit, and used by one thread at a time, as the class is not Sendable.
    let handle: OpaquePointer

    package enum Access { case readOnly, readWrite, create }

    /// - Parameter busyMilliseconds: how long to wait for another process that writes.
    package init(path: String, access: Access = .create, busyMilliseconds: Int32 = 60_000) throws(SQLiteError) {
        let flags =
            switch access {
            case .readOnly: SQLITE_OPEN_READONLY
            case .readWrite: SQLITE_OPEN_READWRITE
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let message = unsafe opened.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            unsafe sqlite3_close_v2(opened)
            throw SQLiteError(code: code, message: message, path: path, statement: nil)
        }
        self.path = path
        unsafe handle = opened
        unsafe sqlite3_busy_timeout(handle, busyMilliseconds)
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    /// Runs statements that give no rows.
    package func execute(_ statements: String) throws(SQLiteError) {
        guard unsafe sqlite3_exec(handle, statements, nil, nil, nil) == SQLITE_OK else { throw error(statements) }
    }

    package func prepare(_ text: String) throws(SQLiteError) -> Statement {
        try Statement(self, text)
    }

    /// All rows of a statement, each made by `row`.
    package func rows<R>(
        _ text: String, _ values: any Bindable..., row: (Statement) -> R
    ) throws(SQLiteError) -> [R] {
        let statement = try prepare(text)
        try statement.bind(values)
        var found: [R] = []
        while try statement.step() { found.append(row(statement)) }
        return found
    }

    /// What `body` does is done as a whole or, when it throws, not at all.
    package func transaction<R, E: Error>(
        _ body: () throws(E) -> R, failure: (SQLiteError) -> E
    ) throws(E) -> R {
        do throws(SQLiteError) { try execute("BEGIN IMMEDIATE") } catch { throw failure(error) }
        do throws(E) {
            let result = try body()
            do throws(SQLiteError) { try execute("COMMIT") } catch { throw failure(error) }
            return result
        } catch {
            // A statement that failed badly, as on a full disk, has rolled back by itself.
            if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// All that `body` reads is of one moment, whatever other processes commit meanwhile.
    package func snapshot<R>(_ body: () throws -> R) throws -> R {
        try execute("BEGIN")
        defer { if unsafe sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") } }
        return try body()
    }

    /// Whether a transaction or snapshot is under way.
    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    package var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }
    /// Rows that the last statement changed.
    package var changes: Int { unsafe Int(sqlite3_changes(handle)) }

    func error(_ statement: String?) -> SQLiteError {
        SQLiteError(
            code: unsafe sqlite3_extended_errcode(handle), message: unsafe String(cString: sqlite3_errmsg(handle)),
            path: path, statement: statement)
    }
}
