internal import JSON

/// The tasks of a data set: JSON Lines, or one JSON array.
struct SuiteLines {
    let rows: [Row]

    struct Row {
        let object: JSONObject
        /// Of the line, or of the element, from 1.
        let number: Int

        func text(_ name: String) throws(SuiteError) -> String {
            guard let text = object[name]?.string else { throw .missing(field: name, line: number) }
            return text
        }

        /// The first of several fields that is there.
        func text(_ names: [String]) throws(SuiteError) -> String {
            for name in names { if let text = object[name]?.string { return text } }
            throw .missing(field: names[0], line: number)
        }

        func texts(_ name: String) -> [String] { object[name]?.array?.compactMap(\.string) ?? [] }

        /// A name or a number.
        func identifier(_ name: String) throws(SuiteError) -> String {
            if let number = object[name]?.integer { return "\(number)" }
            return try text(name)
        }
    }

    init(_ bytes: [UInt8]) throws(SuiteError) {
        var rows: [Row] = []
        func add(_ value: JSONValue?, _ number: Int) throws(SuiteError) {
            guard let object = value?.object else { throw .notJSON(line: number) }
            rows.append(Row(object: object, number: number))
        }
        if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "[") {
            guard let values = (try? JSONValue(parsing: bytes, valueLimit: 1 << 24))?.array else {
                throw .notJSON(line: 1)
            }
            for (index, value) in values.enumerated() { try add(value, index + 1) }
        } else {
            for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
                try add(try? JSONValue(parsing: Array(line), valueLimit: 1 << 24), index + 1)
            }
        }
        guard !rows.isEmpty else { throw .empty }
        self.rows = rows
    }
}
