import Foundation

extension TextOutput {
    /// Prints a report as JSON: keys in snake case, and in alphabetical order, so that two runs can be compared line by
    /// line.
    func print(json report: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(Array(try encoder.encode(report)) + [UInt8(ascii: "\n")])
    }
}
