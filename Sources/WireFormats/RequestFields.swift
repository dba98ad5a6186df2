package import JSON

/// Reads the fields of a request one by one. Null counts as absent; an error names the field, as `messages[2].content`.
package struct RequestFields: Sendable {
    private let object: JSONObject
    /// Of the object within the request, with a dot at its end.
    private let path: String

    /// The whole body of a request.
    package init(body: [UInt8]) throws(APIError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: body) } catch {
            throw .badRequest("The body is not valid JSON: \(error).", code: "invalid_json")
        }
        guard case .object(let object) = value else {
            throw .badRequest("The body must be a JSON object; it is \(value.summary).", code: "invalid_json")
        }
        self.init(object, path: "")
    }

    /// A body that is a list, as if it were the field `key` of an object.
    package init(list body: [UInt8], as key: String) throws(APIError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: body) } catch {
            throw .badRequest("The body is not valid JSON: \(error).", code: "invalid_json")
        }
        self.init(JSONObject([(key, value)]), path: "")
    }

    private init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// The full name of a field.
    package func name(_ key: String) -> String { path + key }

    /// The object itself.
    package var value: JSONValue { .object(object) }

    package subscript(key: String) -> JSONValue? { object[key] }

    /// An error that says what should stand in a field.
    package func wrong(_ key: String, expected: String) -> APIError {
        let given = object[key].map { "it is \(Self.kind(of: $0))" } ?? "it is missing"
        return .badRequest(
            "'\(name(key))' must be \(expected); \(given).", parameter: name(key), code: "invalid_type")
    }

    package func string(_ key: String) throws(APIError) -> String? {
        guard let value = object[key] else { return nil }
        guard case .string(let string) = value else { throw wrong(key, expected: "a string") }
        return string
    }

    package func bool(_ key: String) throws(APIError) -> Bool? {
        guard let value = object[key] else { return nil }
        guard case .bool(let bool) = value else { throw wrong(key, expected: "true or false") }
        return bool
    }

    package func integer(_ key: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let value = object[key] else { return nil }
        guard let integer = value.integer else { throw wrong(key, expected: "a whole number") }
        guard range.contains(integer) else {
            let bounds =
                range.upperBound == .max
                ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
            throw outOfRange(key, bounds, given: "\(integer)")
        }
        return integer
    }

    package func number(_ key: String, in range: ClosedRange<Double>) throws(APIError) -> Double? {
        guard let value = object[key] else { return nil }
        guard let number = value.number else { throw wrong(key, expected: "a number") }
        guard range.contains(number) else {
            throw outOfRange(key, "from \(range.lowerBound) to \(range.upperBound)", given: "\(number)")
        }
        return number
    }

    /// The objects of a list.
    package func objects(_ key: String) throws(APIError) -> [RequestFields]? {
        guard let value = object[key] else { return nil }
        guard case .array(let values) = value else { throw wrong(key, expected: "a list of objects") }
        var result: [RequestFields] = []
        for (index, value) in values.enumerated() {
            let place = "\(name(key))[\(index)]"
            guard case .object(let object) = value else {
                throw .badRequest(
                    "'\(place)' must be an object; it is \(Self.kind(of: value)).", parameter: place,
                    code: "invalid_type")
            }
            result.append(RequestFields(object, path: place + "."))
        }
        return result
    }

    package func nested(_ key: String) throws(APIError) -> RequestFields? {
        guard let value = object[key] else { return nil }
        guard case .object(let object) = value else { throw wrong(key, expected: "an object") }
        return RequestFields(object, path: name(key) + ".")
    }

    /// The strings of a list.
    package func strings(_ key: String) throws(APIError) -> [String]? {
        guard let value = object[key] else { return nil }
        let strings = value.array?.compactMap(\.string)
        guard let strings, strings.count == value.array?.count else {
            throw wrong(key, expected: "a list of strings")
        }
        return strings
    }

    /// Texts that end an answer: one, or up to 16 in a list.
    package func stops(_ key: String) throws(APIError) -> [String]? {
        let texts: [String]
        switch object[key] {
        case nil: return nil
        case .string(let text)?: texts = [text]
        case .array?: texts = try strings(key) ?? []
        case _?: throw wrong(key, expected: "a string or a list of strings")
        }
        return try limited(texts, key, count: 16, byteCount: 1024)
    }

    /// Refuses lists of more or longer texts than are worth looking for in every answer.
    package func limited(
        _ texts: [String], _ key: String, count: Int, byteCount: Int
    ) throws(APIError) -> [String] {
        guard texts.count <= count, texts.allSatisfy({ (1...byteCount).contains($0.utf8.count) }) else {
            throw .badRequest(
                "'\(name(key))' takes up to \(count) texts of 1 to \(byteCount) bytes.", parameter: name(key),
                code: "invalid_value")
        }
        return texts
    }

    /// The numbers of all members, in order; those that are null left out.
    package func numbers(in range: ClosedRange<Double>) throws(APIError) -> [(key: String, value: Double)] {
        var numbers: [(key: String, value: Double)] = []
        for member in object.members {
            if case .null = member.value { continue }
            guard let number = member.value.number else { throw wrong(member.key, expected: "a number") }
            guard range.contains(number) else {
                throw outOfRange(
                    member.key, "from \(range.lowerBound) to \(range.upperBound)", given: "\(number)")
            }
            numbers.append((member.key, number))
        }
        return numbers
    }

    private func outOfRange(_ key: String, _ bounds: String, given: String) -> APIError {
        .badRequest("'\(name(key))' must be \(bounds); it is \(given).", parameter: name(key), code: "invalid_value")
    }

    /// The kind of a value, without its content: messages may end in logs.
    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .largeInteger, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
