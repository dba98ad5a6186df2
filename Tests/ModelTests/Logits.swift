internal import Foundation
internal import Generation
internal import TestSupport

/// Rows of logits, as fixtures hold them: float32, little endian.
/// - Parameter path: below `Tests/Fixtures`.
func fixtureLogits(_ path: String, vocabulary: Int) throws -> [[Float]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/" + path))
    let values = data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    return stride(from: 0, to: values.count, by: vocabulary).map { Array(values[$0..<$0 + vocabulary]) }
}

/// The largest difference, as a share of the range of `expected`.
func worstError(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count, !found.contains(where: \.isNaN) else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) }.max()! / (expected.max()! - expected.min()!)
}

extension Session {
    var logits: [Float] { withLogits { Array($0) } }

    /// Evaluates `ids` in batches of the given sizes, the last of which repeats.
    func evaluate(_ ids: [Int32], batches: [Int]) throws {
        var (rest, sizes) = (ids[...], batches[...])
        while !rest.isEmpty {
            try evaluate(Array(rest.prefix(sizes.first!)))
            rest = rest.dropFirst(sizes.first!)
            if sizes.count > 1 { sizes = sizes.dropFirst() }
        }
    }

    /// The worst error of the logits after `prompt`, evaluated in batches, and after each id of `decode`.
    func worstError(
        prompt: [Int32], batches: [Int], decode: [Int32], against expected: [[Float]]
    ) throws -> Float {
        try evaluate(prompt, batches: batches)
        var worst = ModelTests.worstError(logits, expected[0])
        for (id, row) in zip(decode, expected.dropFirst()) {
            try evaluate([id])
            worst = max(worst, ModelTests.worstError(logits, row))
        }
        return worst
    }
}
