import Foundation

/// JSON as it goes over the wire: one line, keys in snake case.
package enum WireJSON {
    /// One for all: making one takes longer than a chunk.
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return encoder
    }()

    package static func encode(_ value: some Encodable) throws -> [UInt8] { Array(try encoder.encode(value)) }
}
