import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Mutated headers, indexes, configurations and tokenizers must give an error or a folder whose tensors can be read.
///
/// The work is done in a child process whose address space may grow by 192 MiB only, so that an allocation of a claimed
/// size crashes: the inputs themselves are below 100 KiB.
@Suite("Hugging Face folder fuzz")
struct FolderFuzzTests {
    #if os(Linux)
        @Test("3,000 mutated folders give errors, never a crash or a large allocation")
        func mutations() async {
            await #expect(processExitsWith: .success) {
                limitAddressSpaceGrowth(byMebibytes: 192)
                let (accepted, refused) = try fuzz(count: 3000, seed: 20_261_120)
                // Both outcomes must occur, or the mutations are too wild or too tame to test anything.
                if accepted < 150 || refused < 750 { exit(1) }
            }
        }
    #endif
}

/// Opens `count` mutated folders and reads all tensors of the accepted ones.
private func fuzz(count: Int, seed: UInt64) throws -> (accepted: Int, refused: Int) {
    var random = SplitMix64(seed: seed)
    let temporary = try TemporaryFolder()
    let formats = Repository.root + "/Tests/Fixtures/Formats/"
    let models = Repository.root + "/Tests/Fixtures/"
    let seeds =
        [
            "gptq-v2-act-order", "awq", "fp8-small-blocks", "ct-int4-zeros", "ct-nvfp4", "ct-mxfp4", "modelopt-nvfp4",
        ].map { formats + $0 }
        + ["Folders/qwen2", "Folders/llama", "Models/qwen3next", "Models/deepseek-v3", "Models/gpt-oss-mxfp4"]
        .map { models + $0 }
    let tokenizer = """
        {"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"<0x0A>":3},"merges":["a b",["b","a"]],"byte_fallback":true},
        "added_tokens":[{"id":4,"content":"<s>","special":true}],"pre_tokenizer":{"type":"ByteLevel"},
        "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}]}}
        """
    var sources: [[String: [UInt8]]] = []
    for seed in seeds {
        var files: [String: [UInt8]] = ["tokenizer.json": Array(tokenizer.utf8)]
        for name in ["config.json", "model.safetensors"] {
            files[name] = Array(try Data(contentsOf: URL(fileURLWithPath: seed + "/" + name)))
        }
        sources.append(files)
    }
    let index = Array("{\"weight_map\":{\"lm_head.weight\":\"model.safetensors\"}}".utf8)
    var (accepted, refused) = (0, 0)
    for _ in 0..<count {
        var files = sources[random.below(sources.count)]
        if random.below(8) == 0 { files["model.safetensors.index.json"] = index }
        let name = files.keys.sorted()[random.below(files.count)]
        for _ in 0...random.below(3) { mutate(&files[name]!, &random) }
        let folder = temporary.file("model")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name)) }
        do {
            let model = try HuggingFaceFolder(path: folder)
            for tensor in model.tensorDescriptions {
                let found = try model.tensor(tensor.name)
                if found?.byteCount != tensor.byteCount { exit(4) }
                model.release(tensor.name)
            }
            if model.metadata.keys.isEmpty { exit(5) }
            accepted += 1
        } catch {
            if "\(error)".isEmpty { exit(3) }
            refused += 1
        }
    }
    return (accepted, refused)
}

/// Changes text where it is likely to matter: digits, brackets, names, the length in front.
private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    guard bytes.count > 8 else { return }
    let header = min(bytes.count, 4096)
    switch random.below(6) {
    case 0:
        bytes[random.below(header)] ^= 1 << UInt8(random.below(8))
    case 1:
        bytes.removeLast(random.below(bytes.count))
    case 2:
        // A number becomes another one, perhaps much longer.
        let digits = (0..<header).filter { (0x30...0x39).contains(bytes[$0]) }
        guard !digits.isEmpty else { return }
        let place = digits[random.below(digits.count)]
        let texts = ["0", "1", "-1", "7", "4294967296", "9223372036854775807", "1e9", "null", "[]"]
        bytes.replaceSubrange(place...place, with: Array(texts[random.below(texts.count)].utf8))
    case 3:
        let (from, to) = (random.below(header), random.below(header))
        let length = min(random.below(48), header - max(from, to))
        bytes.replaceSubrange(to..<(to + length), with: Array(bytes[from..<(from + length)]))
    case 4:
        // The header's length.
        bytes[random.below(8)] = UInt8(truncatingIfNeeded: random.next())
    default:
        let words = ["F32", "BF16", "U8", "I32", "F8_E4M3", "\"", "{", "]", ",", "\\ud800"]
        bytes.insert(contentsOf: Array(words[random.below(words.count)].utf8), at: random.below(header))
    }
}
