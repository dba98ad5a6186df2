import Foundation
import Statistics
import TestSupport

/// What SciPy and statsmodels say; Scripts/make-statistics-fixtures.py writes it.
struct Reference: Decodable, Sendable {
    struct Normal: Decodable, Sendable {
        var shares: [Double]
        var quantiles: [Double]
        var values: [Double]
        var cumulative: [Double]
    }
    struct Wilson: Decodable, Sendable {
        var successes: Int
        var trials: Int
        var confidence: Double
        var interval: [Double]
    }
    struct Rates: Decodable, Sendable {
        var samples: Int
        var passed: Int
        var k: Int
        var atLeastOne: Double
        var all: Double
    }
    struct McNemar: Decodable, Sendable {
        var first: Int
        var second: Int
        var probability: Double
    }
    struct Holm: Decodable, Sendable {
        var given: [Double]
        var adjusted: [Double]
    }
    struct Clustered: Decodable, Sendable {
        var values: [Double]
        var clusters: [Int]
        var mean: Double
        var standardError: Double
    }
    struct Strengths: Decodable, Sendable {
        var wins: [[Double]]
        var prior: Double
        var strengths: [Double]
    }
    struct Rasch: Decodable, Sendable {
        var passed: [Double]
        var tries: Double
        var difficulties: [Double]
        var ability: Double
        var standardError: Double
    }

    var normal: Normal
    var wilson: [Wilson]
    var passRates: [Rates]
    var mcnemar: [McNemar]
    var holm: [Holm]
    var clustered: [Clustered]
    var bradleyTerry: [Strengths]
    var rasch: [Rasch]

    static let file = Repository.root + "/Tests/Fixtures/Statistics/reference.json"

    init() throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: Self.file)))
    }
}

extension Double {
    /// Within 1e-9, of numbers above 1 relative to them.
    func isNear(_ other: Double) -> Bool { abs(self - other) <= 1e-9 * max(1, abs(other)) }
}
