import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// The ids of the reference libraries on a corpus of source code, headers and Unicode stress.
@Suite("Against tokenizers and tiktoken on 64 MB", .serialized)
struct ReferenceCorpusTests {
    @Test("encodes 64 MB of code and Unicode stress to the same ids, and decodes them to the same bytes")
    func corpus() async throws {
        let megabytes = ProcessInfo.processInfo.environment["MARTLET_TEST_CORPUS_MEGABYTES"] ?? "64"
        let temporary = try TemporaryFolder()
        let folder = URL(filePath: temporary.path)
        try await Reference.run(
            "compare-tokens.py",
            [
                folder.path, Reference.model(Reference.qwen), Reference.model(Reference.smollm), Reference.toolchain(),
                megabytes,
            ])

        let corpus = try Documents<UInt8>("corpus", suffix: "bytes", in: folder)
        var qwen = try Reference.definition(Reference.qwen)
        try compare(Tokenizer(qwen), corpus, "qwen2-tokenizers", in: folder)
        qwen.normalization = .none
        try compare(Tokenizer(qwen), corpus, "qwen2-tiktoken", in: folder, roundTrips: true)
        try compare(Tokenizer(Reference.definition(Reference.smollm)), corpus, "smollm-tokenizers", in: folder)
        if megabytes == "64" { #expect(corpus.elementCount >= 50_000_000) }
    }

    private func compare(
        _ tokenizer: Tokenizer, _ corpus: Documents<UInt8>, _ name: String, in folder: URL, roundTrips: Bool = false
    ) throws {
        let expected = try Documents<TokenID>(name, suffix: "ids", in: folder)
        try #require(expected.count == corpus.count)
        var duration = Duration.zero
        var differing = 0
        for index in 0..<corpus.count where differing < 5 {
            try corpus.withDocument(index) { text in
                let start = ContinuousClock.now
                let ids = tokenizer.encode(text)
                duration += ContinuousClock.now - start
                if let difference = expected.withDocument(index, { firstDifference(ids, $0) }) {
                    differing += 1
                    let at = String(decoding: try tokenizer.decode(ids[..<difference]).suffix(60), as: UTF8.self)
                    let own = ids[difference...].prefix(6)
                    let reference = expected.withDocument(index) { Array($0.dropFirst(difference).prefix(6)) }
                    Issue.record(
                        "\(name), document \(index), id \(difference): \(Array(own)), not \(reference), after \(at.debugDescription)"
                    )
                }
                if roundTrips {
                    let decoded = try tokenizer.decode(ids, options: DecodingOptions(rendersControlTokens: true))
                    #expect(decoded.elementsEqual(text), "document \(index) does not survive the round trip")
                }
            }
        }
        let seconds = duration / .seconds(1)
        let speed = Double(corpus.elementCount) / 1e6 / seconds
        print("\(name): \(expected.elementCount) ids in \(seconds) s, \(speed) MB/s")
    }

    private func firstDifference(_ ids: [TokenID], _ expected: UnsafeBufferPointer<TokenID>) -> Int? {
        for index in 0..<min(ids.count, expected.count) where ids[index] != expected[index] { return index }
        return ids.count == expected.count ? nil : min(ids.count, expected.count)
    }
}
