/// What is wrong at a place of a JSON schema, or not supported.
package enum SchemaProblem: Error, Hashable, Sendable {
    case unsupportedKeyword(String)
    case malformedKeyword(String, expected: String)
    case unknownType(String)
    case unsupportedFormat(String)
    case unsupportedTogether(String, String)
    case referenceOutside(String)
    case referenceToNothing(String)
    case circularReference
    case overlappingAlternatives(Int, Int)
    case tooManyAlternatives(limit: Int)
    case tooDeep(limit: Int)
    case pattern(String)
    case notASchema
}

extension SchemaProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupportedKeyword(let keyword): "the keyword '\(keyword)' is not supported"
        case .malformedKeyword(let keyword, let expected): "'\(keyword)' must be \(expected)"
        case .unknownType(let name): "there is no type '\(name)'"
        case .unsupportedFormat(let name): "the format '\(name)' is not supported"
        case .unsupportedTogether(let first, let second): "'\(first)' and '\(second)' are not supported together"
        case .referenceOutside(let reference):
            "the reference '\(reference)' leaves the document; only '#' and '#/...' are supported"
        case .referenceToNothing(let reference): "the reference '\(reference)' leads to nothing"
        case .circularReference: "a schema refers to itself without anything between"
        case .overlappingAlternatives(let first, let second):
            "alternatives \(first) and \(second) of 'oneOf' can hold for the same value; use 'anyOf' if that is meant"
        case .tooManyAlternatives(let limit): "'anyOf' and 'allOf' multiply to more than \(limit) alternatives"
        case .tooDeep(let limit): "schemas nest more than \(limit) levels deep"
        case .pattern(let reason): "'pattern': \(reason)"
        case .notASchema: "a schema is an object, true or false"
        }
    }
}
