internal import JSON

/// Finds what references of a document lead to.
struct SchemaReferences: Sendable {
    let root: JSONValue
    private var found: [String: LocatedSchema] = [:]
    /// Members by name, of the objects that references went through: definitions may be many.
    private var indices: [String: [[UInt8]: JSONValue]] = [:]

    init(root: JSONValue) { self.root = root }

    /// - Parameter schema: one with `$ref`.
    mutating func target(of schema: LocatedSchema) throws(GrammarError) -> LocatedSchema? {
        guard let value = schema.keyword("$ref") else { return nil }
        guard let reference = value.string else {
            throw schema.failure(.malformedKeyword("$ref", expected: "a string"))
        }
        if let known = found[reference] { return known }
        guard reference == "#" || reference.hasPrefix("#/") else { throw schema.failure(.referenceOutside(reference)) }
        var path = ""
        var current = root
        for part in reference.utf8.dropFirst(2).split(separator: 0x2F, omittingEmptySubsequences: false)
        where reference != "#" {
            guard let key = Self.unescaped(Array(part)), let next = member(key, of: current, at: path) else {
                throw schema.failure(.referenceToNothing(reference))
            }
            current = next
            path = LocatedSchema.path(path, String(decoding: key, as: UTF8.self))
        }
        let target = LocatedSchema(value: current, path: path)
        found[reference] = target
        return target
    }

    private mutating func member(_ key: [UInt8], of value: JSONValue, at path: String) -> JSONValue? {
        switch value {
        case .object(let object):
            if indices[path] == nil {
                indices[path] = Dictionary(
                    object.members.lazy.map { (Array($0.key.utf8), $0.value) }, uniquingKeysWith: { $1 })
            }
            return indices[path]?[key]
        case .array(let values):
            guard let index = Int(String(decoding: key, as: UTF8.self)), values.indices.contains(index) else {
                return nil
            }
            return values[index]
        default: return nil
        }
    }

    /// Undoes the escapes of URI fragments and of JSON pointers; nil if there are malformed ones.
    private static func unescaped(_ part: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var index = 0
        while index < part.count {
            if part[index] == UInt8(ascii: "%") {
                guard index + 2 < part.count,
                    let value = UInt8(String(decoding: part[index + 1...index + 2], as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                index += 3
            } else {
                bytes.append(part[index])
                index += 1
            }
        }
        var result: [UInt8] = []
        index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "~") {
                guard index + 1 < bytes.count, bytes[index + 1] == 0x30 || bytes[index + 1] == 0x31 else { return nil }
                result.append(bytes[index + 1] == 0x30 ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                index += 2
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
