/// What SQLite said, and to what.
package struct SQLiteError: Error, Hashable, CustomStringConvertible {
    /// The extended result code.
    package let code: Int32
    package let message: String
    /// The database's file, and the statement if there was one.
    package let path: String
    package let statement: String?

    package init(code: Int32, message: String, path: String, statement: String?) {
        self.code = code
        self.message = message
        self.path = path
        self.statement = statement
    }

    /// What is stored cannot be what was stored.
    package static func damaged(_ what: String, path: String) -> SQLiteError {
        SQLiteError(code: 11, message: what, path: path, statement: nil)
    }

    /// The file is no database, or damaged.
    package var isCorrupt: Bool { [11, 26].contains(code & 0xff) }
    package var isFull: Bool { code & 0xff == 13 }
    package var isBusy: Bool { [5, 6].contains(code & 0xff) }
    /// The file or its folder cannot be written, or not be opened at all.
    package var isForbidden: Bool { [3, 8, 14, 23].contains(code & 0xff) }

    package var description: String {
        switch self {
        case _ where isFull: "\(path) cannot grow: \(message). Free some space there, and try again."
        case _ where isForbidden: "\(path) cannot be written: \(message). Check the rights to it and its folder."
        case _ where isBusy: "\(path) has been in use by another process for too long: \(message). Try again."
        default: "\(path): \(message) (SQLite \(code))" + (statement.map { " in: \($0)" } ?? "")
        }
    }
}
