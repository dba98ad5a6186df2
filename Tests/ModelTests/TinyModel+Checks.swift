internal import Generation
internal import Tensors
import Testing

/// What holds of every tiny model; tolerances are shares of the logits' range.
extension TinyModel {
    func worstError(_ session: Session, batches: [Int]) throws -> Float {
        try session.worstError(prompt: prompt, batches: batches, decode: decode, against: logits)
    }

    /// Logits match after the prompt and after each further token, however the prompt is cut.
    func checkLogits(_ level: KernelLevel, tolerance: Float, at location: SourceLocation = #_sourceLocation) throws {
        for batches in [[64], [1], [7, 1, 13, 2, 41], [3, 4, 33, 24]] {
            let worst = try worstError(session(level, threads: 2, kv: .f32), batches: batches)
            #expect(worst < tolerance, "batches \(batches)", sourceLocation: location)
        }
    }

    /// Logits of every position of one batch match.
    func checkEveryPosition(tolerance: Float, at location: SourceLocation = #_sourceLocation) throws {
        let session = try session(kv: .f32)
        var rows: [Int: [Float]] = [:]
        try session.evaluate(prompt + decode, wanted: 60..<80) { row, logits in rows[row] = Array(logits) }
        #expect(rows.keys.sorted() == Array(60..<80), sourceLocation: location)
        for (row, expected) in zip(63..<80, logits) {
            #expect(ModelTests.worstError(rows[row]!, expected) < tolerance, "row \(row)", sourceLocation: location)
        }
    }

    /// Logits have the same bits whatever the threads.
    func checkThreads(_ level: KernelLevel = .best, at location: SourceLocation = #_sourceLocation) throws {
        for batches in [[64], [1], [5, 59]] {
            let rows = try (1...3).map { threads in
                let session = try session(level, threads: threads)
                try session.evaluate(prompt, batches: batches)
                let first = session.logits
                try session.evaluate(decode, batches: [1])
                return first + session.logits
            }
            #expect(rows[1] == rows[0] && rows[2] == rows[0], "batches \(batches)", sourceLocation: location)
        }
    }

    /// Evaluating again after truncating gives logits that count as the same.
    /// - Parameter batches: those of the prompt when all of it is evaluated again.
    func checkTruncation(
        kv: KVType, batches: [Int], at location: SourceLocation = #_sourceLocation,
        isSame: (_ logits: [Float], _ first: [Float]) -> Bool
    ) throws {
        let session = try session(threads: 2, kv: kv)
        try session.evaluate(prompt, batches: [40, 24])
        let first = session.logits
        // Other tokens in between, so that what was truncated has really been overwritten or ignored.
        try session.evaluate(decode)
        session.truncate(to: 40)
        #expect(session.position == 40, sourceLocation: location)
        try session.evaluate(Array(decode.reversed()))
        session.truncate(to: 40)
        // A recurrent state may have to be built again from further back, in other batches than at first.
        try session.evaluate(Array(prompt[40...]))
        #expect(isSame(session.logits, first), sourceLocation: location)
        #expect(session.tokens == prompt, sourceLocation: location)
        session.truncate(to: 0)
        try session.evaluate(prompt, batches: batches)
        #expect(isSame(session.logits, first), sourceLocation: location)
    }
}
