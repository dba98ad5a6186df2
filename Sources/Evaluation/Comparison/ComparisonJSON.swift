internal import Foundation

/// JSON whose keys are in the order of the alphabet, so that equal values are equal bytes.
enum ComparisonJSON {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Sums of a foreign file's times may be more than a number holds.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("figures are numbers and texts, which can always be written")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension RunComparison {
    /// In one line.
    package var json: String { ComparisonJSON.text(self) }
}

extension RunRanking {
    /// In one line.
    package var json: String { ComparisonJSON.text(self) }
}
