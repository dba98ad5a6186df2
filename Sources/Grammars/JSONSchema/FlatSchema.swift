internal import JSON

/// Schemas that must all be satisfied, read as one; references and combinations in them are resolved elsewhere.
struct FlatSchema {
    let members: [LocatedSchema]
    /// Where to say that something is wrong.
    let place: LocatedSchema
    let types: SchemaTypes
    /// The types that a validator lets pass; `types` leaves out those that nobody meant.
    let validTypes: SchemaTypes
    /// The only values allowed; nil if there are others.
    let values: [JSONValue]?

    init(_ members: [LocatedSchema], at place: LocatedSchema) throws(GrammarError) {
        self.members = members
        self.place = place
        var types = SchemaTypes.all
        var isTyped = false
        var values: [JSONValue]?
        for member in members {
            if let own = try member.types() {
                types.formIntersection(own)
                isTyped = true
            }
            if let own = try member.values() {
                values = values.map { $0.filter { value in own.contains { $0.isSame(as: value) } } } ?? own
            }
        }
        validTypes = types
        // Who writes `properties` means objects, also without saying so.
        if !isTyped, values == nil {
            var implied: SchemaTypes = []
            for member in members {
                for key in member.object?.members.map(\.key) ?? [] {
                    implied.formUnion(SchemaKeywords.assertions[key] ?? [])
                }
                if member.keyword("format") != nil { implied.formUnion(.string) }
            }
            if !implied.isEmpty { types = implied }
        }
        self.types = types
        self.values = values
    }

    func failure(_ problem: SchemaProblem) -> GrammarError { place.failure(problem) }

    /// Whether one of the schemas has a keyword.
    func has(_ keyword: String) -> Bool { members.contains { $0.keyword(keyword) != nil } }

    /// The greatest of the lower bounds.
    func largest(_ keyword: String) throws(GrammarError) -> Int? {
        var result: Int?
        for member in members {
            if let count = try member.count(keyword) { result = max(result ?? 0, count) }
        }
        return result
    }

    /// The least of the upper bounds.
    func smallest(_ keyword: String) throws(GrammarError) -> Int? {
        var result: Int?
        for member in members {
            if let count = try member.count(keyword) { result = min(result ?? .max, count) }
        }
        return result
    }

    /// The text of a keyword that can be followed once only.
    func only(_ keyword: String) throws(GrammarError) -> String? {
        var result: String?
        for member in members {
            guard let value = member.keyword(keyword) else { continue }
            guard let text = value.string else { throw failure(.malformedKeyword(keyword, expected: "a string")) }
            guard result == nil || result == text else { throw failure(.unsupportedTogether(keyword, keyword)) }
            result = text
        }
        return result
    }

    // MARK: Objects

    /// The names of properties in order.
    func propertyNames() throws(GrammarError) -> [String] {
        var names: [String] = []
        var seen: Set<[UInt8]> = []
        for member in members {
            guard let value = member.keyword("properties") else { continue }
            guard let properties = value.object else {
                throw member.failure(.malformedKeyword("properties", expected: "an object"))
            }
            for (key, _) in properties.members where seen.insert(Array(key.utf8)).inserted { names.append(key) }
        }
        for name in try required() where seen.insert(Array(name.utf8)).inserted { names.append(name) }
        return names
    }

    func required() throws(GrammarError) -> [String] {
        var names: [String] = []
        for member in members {
            guard let value = member.keyword("required") else { continue }
            guard let list = value.array, list.allSatisfy({ $0.string != nil }) else {
                throw member.failure(.malformedKeyword("required", expected: "a list of names"))
            }
            names += list.compactMap(\.string)
        }
        return names
    }

    /// What the value of each property must satisfy.
    /// - Parameter index: of each member, its properties by name.
    func property(_ name: String, _ index: [PropertyIndex]) -> [LocatedSchema] {
        let key = Array(name.utf8)
        return index.compactMap { $0.properties[key] ?? $0.additional }
    }

    /// What the values of other properties must satisfy; nil if none of the schemas says something.
    func additional(_ index: [PropertyIndex]) -> [LocatedSchema]? {
        let schemas = index.compactMap(\.additional)
        return schemas.isEmpty ? nil : schemas
    }

    func propertyIndex() -> [PropertyIndex] { members.map { PropertyIndex($0) } }
}

/// The properties of one schema by name.
struct PropertyIndex {
    let properties: [[UInt8]: LocatedSchema]
    let additional: LocatedSchema?

    init(_ schema: LocatedSchema) {
        let path = LocatedSchema.path(schema.path, "properties")
        properties = Dictionary(
            (schema.keyword("properties")?.object?.members ?? []).lazy.map { name, value in
                (Array(name.utf8), LocatedSchema(value: value, path: LocatedSchema.path(path, name)))
            }, uniquingKeysWith: { $1 })
        additional = schema.schema("additionalProperties")
    }
}
