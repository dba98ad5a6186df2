import Foundation
import ModelFiles
import Testing
import Tokenization

/// Times for Scripts/bench-tokenizers.py, which sets `MARTLET_BENCH_TEXT`; the limits hold on any machine.
@Suite("Tokenizer speed", .serialized)
struct TokenizerSpeedTests {
    @Test(
        "encodes the text of the benchmark",
        .enabled(if: ProcessInfo.processInfo.environment["MARTLET_BENCH_TEXT"] != nil))
    func benchmark() throws {
        let path = try #require(ProcessInfo.processInfo.environment["MARTLET_BENCH_TEXT"])
        let text = try Data(contentsOf: URL(filePath: path))
        let model = ProcessInfo.processInfo.environment["MARTLET_BENCH_MODEL"]
        let start = processorSeconds()
        let metadata = try GGUFFile.open(path: model ?? Reference.model(Reference.qwen)).metadata
        let read = processorSeconds()
        let definition = try TokenizerDefinition(gguf: metadata)
        let defined = processorSeconds()
        let tokenizer = try Tokenizer(definition)
        print("load: header \(read - start), definition \(defined - read), tokenizer \(processorSeconds() - defined)")
        // In documents of 64 KiB, as the reference is timed.
        let documents = stride(from: 0, to: text.count, by: 65_536).map { text[$0..<min($0 + 65_536, text.count)] }
        for _ in 0..<(Int(ProcessInfo.processInfo.environment["MARTLET_BENCH_RUNS"] ?? "1") ?? 1) {
            var count = 0
            let start = processorSeconds()
            for document in documents {
                count += document.withUnsafeBytes { tokenizer.encode($0.assumingMemoryBound(to: UInt8.self)).count }
            }
            print("encode: \(text.count) bytes, \(count) ids, \(processorSeconds() - start) seconds")
        }
    }

    // Quadratic merging would take hours.
    @Test("encodes a megabyte without a word boundary", arguments: ["a", " ", "ab=", "語"])
    func endlessWord(unit: String) throws {
        let tokenizer = try Tokenizer(Reference.definition(Reference.qwen))
        let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
        let ids = tokenizer.encode(text)
        #expect(try tokenizer.text(ids) == text)
    }

    /// Processor time of this process: machines are shared.
    private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
