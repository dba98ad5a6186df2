internal import Foundation

/// JSON in one line, its keys in the order of the alphabet, so that equal values are equal bytes.
package enum JSONLine {
    /// - Parameter value: numbers and texts, which can always be written.
    package static func text(_ value: some Encodable) -> String { String(decoding: bytes(value), as: UTF8.self) }

    /// The same as bytes, without a line feed.
    static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Sums of a foreign file's times may be more than a number holds.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("figures are numbers and texts, which can always be written")
        }
        return Array(data)
    }
}
