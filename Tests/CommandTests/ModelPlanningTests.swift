import Foundation
import TestSupport
import Testing

@Suite("martlet model fit, synthesize")
struct ModelPlanningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func martlet(_ arguments: String...) async throws -> CommandRun {
        try await CommandRun.run(Repository.martlet, arguments, folder: folder.path)
    }

    private struct Fit: Decodable {
        struct Model: Decodable {
            struct Choice: Decodable {
                var quantisation: String
                var total_bytes: Int
                var cache_bytes: Int
                var verdict: String
            }

            var name: String
            var context: Int
            var recommended: String?
            var choices: [Choice]
        }

        var models: [Model]
    }

    @Test("fit goes through the catalogue for a given memory")
    func catalogue() async throws {
        let run = try await martlet("model", "fit", "--memory", "24", "--json")
        let models = try run.json(Fit.self).models
        func model(_ name: String) throws -> Fit.Model { try #require(models.first { $0.name == name }) }
        #expect(try model("qwen2.5-coder:1.5b").recommended == "Q8_0")
        // 33 billion weights: 8.5 bits take 35 GB, 5.7 bits 23 GB, and the cache comes on top.
        #expect(try model("qwen2.5-coder:32b").recommended == nil)
        #expect(try model("qwen2.5-coder:32b").choices.last?.verdict == "from disk")
        #expect(try model("qwen3-coder:480b").recommended == nil)
        #expect(try model("qwen3-coder:480b").choices.allSatisfy { $0.verdict != "fits" })
        for (family, tags) in [
            ("qwen2.5-coder", ["0.5b", "1.5b", "3b", "7b", "14b", "32b"]), ("qwen3-coder", ["30b", "480b"]),
            ("qwen3-coder-next", ["80b"]), ("deepseek-coder-v2", ["lite"]), ("deepseek-v3", ["671b"]),
            ("starcoder2", ["3b", "7b", "15b"]), ("codestral", ["22b"]), ("devstral", ["24b"]),
            ("codellama", ["7b", "13b", "34b"]), ("llama3.1", ["8b"]), ("llama3.3", ["70b"]),
            ("gpt-oss", ["20b", "120b"]), ("glm-4.5-air", ["106b"]), ("smollm2", ["135m", "1.7b"]),
            ("gemma3", ["270m"]),
        ] {
            for tag in tags { _ = try model("\(family):\(tag)") }
        }
        // Trained in four bits: there is nothing finer to take.
        #expect(try model("gpt-oss:20b").choices.map(\.quantisation) == ["MXFP4"])
        #expect(try model("gpt-oss:20b").recommended == "MXFP4")
        let text = try await martlet("model", "fit", "--memory", "24")
        #expect(text.text.contains("24.0 GB of memory") && text.text.contains("qwen3-coder:480b"))
    }

    @Test("fit names the finest quantisation that fits, and a smaller cache makes room")
    func one() async throws {
        let wide = try await martlet(
            "model", "fit", "qwen3-coder:30b", "--memory", "24", "--context", "65536", "--json")
        let narrow = try await martlet(
            "model", "fit", "qwen3-coder:30b", "--memory", "24", "--context", "65536", "--kv", "q8_0", "--json")
        let (f16, q8) = (try #require(try wide.json(Fit.self).models.first), try narrow.json(Fit.self).models[0])
        // 98,304 bytes a token.
        #expect(f16.choices[0].cache_bytes == 98304 * 65536)
        #expect(q8.choices[0].cache_bytes < f16.choices[0].cache_bytes * 55 / 100)
        #expect(f16.recommended != nil || q8.recommended != nil)
        let text = try await martlet("model", "fit", "qwen3-coder:30b", "--memory", "64", "--context", "8192")
        #expect(text.text.contains("Take Q8_0."), "\(text.text)")
        let none = try await martlet("model", "fit", "qwen3-coder:480b", "--memory", "4")
        #expect(none.text.contains("Too large for this machine"), "\(none.text)")
        let alias = try await martlet("model", "fit", "deepseek-coder-v2:16b", "--memory", "64", "--json")
        #expect(try alias.json(Fit.self).models.map(\.name) == ["deepseek-coder-v2:lite"])
    }

    @Test("fit and show know how far YaRN takes a model, and what is beyond")
    func longContext() async throws {
        let fit = try await martlet("model", "fit", "qwen3-coder:30b", "--context", "1048576", "--memory", "400")
        #expect(fit.text.contains("tokens by YaRN"), "\(fit.text)")
        let native = try await martlet("model", "fit", "qwen3-coder:30b", "--context", "262144", "--memory", "400")
        #expect(!native.text.contains("YaRN"), "\(native.text)")
        let all = try await martlet("model", "fit", "--context", "1048576", "--memory", "4000", "--json")
        let names = try all.json(Fit.self).models.map(\.name)
        #expect(names.contains("qwen3-coder:480b") && !names.contains("smollm2:135m"), "\(names)")
        let show = try await martlet("model", "show", "qwen3-coder:30b")
        #expect(show.text.contains("up to 1,048,576 with --context, by YaRN"), "\(show.text)")
        for command in ["fit", "show"] {
            let run = try await martlet("model", command, "qwen3-coder:30b", "--context", "1048577")
            #expect(run.status == 2 && run.errors.contains("Give --context 1048576 or less"), "\(run.errors)")
        }
    }

    @Test("a context beyond the trained one is noted, and refused where nobody states how")
    func extendedRun() async throws {
        let models = Repository.root + "/Tests/Fixtures/Models/"
        func logits(_ model: String, _ context: String) async throws -> CommandRun {
            try await martlet("logits", models + model, "--tokens", "1,2,3", "--context", context)
        }
        let plain = try await logits("qwen3.gguf", "128")
        #expect(plain.status == 0 && !plain.errors.contains("YaRN"))
        let extended = try await logits("qwen3.gguf", "256")
        #expect(extended.status == 0 && extended.text != plain.text)
        #expect(extended.errors.contains("256 tokens are more than the 128 that the model was trained for"))
        #expect(extended.errors.contains("by a factor of 2.00"), "\(extended.errors)")
        let beyond = try await logits("qwen3.gguf", "513")
        #expect(beyond.status == 2 && beyond.errors.contains("Give --context 512 or less"), "\(beyond.errors)")
        let never = try await logits("starcoder2.gguf", "129")
        #expect(never.status == 2 && never.errors.contains("Give --context 128 or less"), "\(never.errors)")
    }

    @Test("fit refuses numbers that are none")
    func refusals() async throws {
        for arguments in [["--memory", "0"], ["--memory", "x"], ["--context", "0"], ["--kv", "q4"]] {
            let run = try await CommandRun.run(
                Repository.martlet, ["model", "fit", "smollm2"] + arguments, folder: folder.path)
            #expect(run.status == 2 && run.text.isEmpty, "\(arguments)")
        }
        let unknown = try await martlet("model", "fit", "no-such-model")
        #expect(unknown.status == 2)
    }

    @Test("synthesize writes a model that runs, the same each time")
    func synthesize() async throws {
        let run = try await martlet("model", "synthesize", "smollm2:135m", "a.gguf", "--layers", "2")
        #expect(run.status == 0 && run.text == "a.gguf\n", "\(run.errors)")
        let again = try await martlet("model", "synthesize", "smollm2:135m", "b.gguf", "--layers", "2")
        #expect(again.status == 0)
        #expect(FileManager.default.contentsEqual(atPath: folder.path + "/a.gguf", andPath: folder.path + "/b.gguf"))
        struct Logits: Decodable { var logits: [[Float]] }
        let logits = try await martlet("logits", "a.gguf", "--tokens", "1,2,3", "--json").json(Logits.self).logits[0]
        let spread = try #require(logits.max()) - logits.min()!
        #expect(logits.count == 49152 && spread > 1 && spread < 100)
        let show = try await martlet("model", "show", "a.gguf")
        #expect(show.text.contains("Q4_K_M"), "\(show.text)")
    }

    @Test("synthesize refuses what it cannot write and leaves nothing behind")
    func synthesisRefusals() async throws {
        try Data("kept".utf8).write(to: URL(fileURLWithPath: folder.path + "/kept.gguf"))
        let cases: [([String], String)] = [
            (["no-such", "x.gguf"], "qwen3-coder:30b"),
            (["smollm2:135m", "x.gguf", "--layers", "31"], "between 1 and the model's 30"),
            (["smollm2:135m", "x.gguf", "--type", "Q9"], "Q4_K_M"),
            (["smollm2:135m", "kept.gguf"], "--force"),
            (["smollm2:135m", "missing/x.gguf", "--layers", "1"], "missing"),
        ]
        for (arguments, words) in cases {
            let run = try await CommandRun.run(
                Repository.martlet, ["model", "synthesize"] + arguments, folder: folder.path)
            #expect(run.status == 2 && run.errors.contains(words), "\(arguments): \(run.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kept.gguf"])
    }
}
