import Foundation
import TestSupport

/// A folder of word vectors as a test wants it, right or wrong.
struct VectorFolder {
    let folder: TemporaryFolder
    var path: String { folder.path }

    /// Pieces of a SentencePiece vocabulary, `▁` for a space, behind `<unk>`.
    static let pieces = ["▁", "r", "e", "d", "o", "▁r", "ed", "▁red", "▁redo"]

    /// - Parameters:
    ///   - rows: of the matrix: by default one for each token. Token t's vector is (t, -t / 2, 0.25).
    ///   - type: what the header calls its elements.
    init(rows: Int = pieces.count + 1, type: String = "F16", name: String = "embedding.weight") throws {
        folder = try TemporaryFolder()
        var data = Data()
        for row in 0..<rows {
            for number in [Float16(row), -Float16(row) / 2, 0.25] {
                withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
        }
        let header = "{\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(rows),3],\"data_offsets\":[0,\(data.count)]}}"
        var file = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
        file.append(contentsOf: header.utf8)
        try (file + data).write(to: URL(fileURLWithPath: path + "/model.safetensors"))
        try folder.write(Self.tokenizer, to: "tokenizer.json")
    }

    private static var tokenizer: String {
        let vocabulary = (["<unk>"] + pieces).enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
        return """
            {"added_tokens":[{"id":0,"content":"<unk>","special":true}],
             "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"}]},
             "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}}]},
             "model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":false,"vocab":{\(vocabulary)},
              "merges":["e d","▁ r","▁r ed","▁red o"]}}
            """
    }
}
