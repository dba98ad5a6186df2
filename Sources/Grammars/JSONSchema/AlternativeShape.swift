internal import JSON

/// What tells an alternative of `oneOf` from others.
struct AlternativeShape {
    /// What a value can be at the first look.
    private struct Outline {
        /// The types that are generated, and those that a validator lets pass.
        var types: SchemaTypes
        var validTypes: SchemaTypes
        var values: [JSONValue]?

        init(_ schema: FlatSchema) {
            (types, validTypes, values) = (schema.types, schema.validTypes, schema.values)
        }

        /// Whether what is generated for this one is certain to violate the other.
        func isRejected(by other: Outline) -> Bool {
            if types.isDisjoint(with: other.validTypes) { return true }
            if let values {
                return values.allSatisfy { value in
                    !types.contains(SchemaTypes(of: value)) || !other.validTypes.contains(SchemaTypes(of: value))
                        || other.values.map { !$0.contains { $0.isSame(as: value) } } ?? false
                }
            }
            return other.values.map { $0.allSatisfy { types.isDisjoint(with: SchemaTypes(of: $0)) } } ?? false
        }
    }

    private let outline: Outline
    private let names: Set<[UInt8]>
    private let required: [[UInt8]]
    /// Of each property that is named, what its schemas say by themselves; nil if it can't be there.
    private let properties: [[UInt8]: Outline?]
    /// The same of all others; nil if nothing is said.
    private let further: Outline??
    private let isClosed: Bool

    init(_ schema: FlatSchema) throws(GrammarError) {
        outline = Outline(schema)
        let index = schema.propertyIndex()
        let additional = schema.additional(index)
        let names = try schema.propertyNames()
        self.names = Set(names.map { Array($0.utf8) })
        required = try schema.required().map { Array($0.utf8) }
        var properties: [[UInt8]: Outline?] = [:]
        for name in names {
            properties.updateValue(try Self.outline(schema.property(name, index), of: schema), forKey: Array(name.utf8))
        }
        self.properties = properties
        further = try additional.map { (schemas) throws(GrammarError) in try Self.outline(schemas, of: schema) }
        // Without a word about further properties, those that are named are all that is generated.
        isClosed =
            additional.map { $0.contains { $0.value.bool == false } } ?? (schema.has("properties") || !names.isEmpty)
    }

    private static func outline(_ schemas: [LocatedSchema], of schema: FlatSchema) throws(GrammarError) -> Outline? {
        if schemas.contains(where: { $0.value.bool == false }) { return nil }
        let plain = schemas.filter { schema in
            schema.object != nil && !SchemaKeywords.combinators.contains { schema.keyword($0) != nil }
        }
        return Outline(try FlatSchema(plain, at: schema.place))
    }

    /// Whether what is generated for this one is certain to violate the other.
    func isRejected(by other: AlternativeShape) -> Bool {
        if outline.isRejected(by: other.outline) { return true }
        guard outline.values == nil, outline.types == .object, other.outline.values == nil else { return false }
        if isClosed, other.required.contains(where: { !names.contains($0) }) { return true }
        return required.contains { name in
            guard case .some(.some(let mine)) = properties[name] else { return false }
            guard let theirs = other.properties[name] ?? other.further else { return false }
            return theirs.map { mine.isRejected(by: $0) } ?? true
        }
    }
}
