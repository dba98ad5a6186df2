import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
    @Test(
        "gets one sentence with the next step, and status 2",
        arguments: [
            (["run", "nomodel", "-p", "x"], "there is no model 'nomodel'"),
            (["run", "/no/such.gguf", "-p", "x"], "/no/such.gguf"),
            (["run", "README.md", "-p", "x"], "README.md"),
            (["run", "smollm2:135m", "-p", "word ", "--context", "16", "--max-tokens", "2"], "--context"),
            (["run", "smollm2:135m", "--context", "16777216", "-p", "x"], "--context"),
            (["complete", "smollm2:135m", "--prefix-file", "/no/file"], "/no/file cannot be read"),
            (["logits", "smollm2:135m", "--tokens", "1,x"], "'x' is not a token id"),
            (["logits", "smollm2:135m", "--tokens", "99999"], "not in this model's vocabulary"),
            (["detokenize", "smollm2:135m", "99999"], "99999"),
            (["perplexity", "smollm2:135m", "/no/file"], "cannot be read"),
        ])
    func refusal(arguments: [String], expected: String) async throws {
        let run = try await CommandRun.run(
            Repository.martlet, arguments, folder: Repository.root)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("martlet: "))
        #expect(run.errors.contains(expected), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test("a truncated file says so")
    func truncated() async throws {
        let folder = try TemporaryFolder()
        let model = try FileHandle(forReadingFrom: URL(fileURLWithPath: TestModel.path(of: TestModel.smollm2)))
        let file = folder.path + "/short.gguf"
        try #require(try model.read(upToCount: 8_000_000)).write(to: URL(fileURLWithPath: file))
        let run = try await CommandRun.martlet("run", file, "-p", "x")
        #expect(run.status == 2)
        #expect(run.errors.contains(file))
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test("a file of another architecture says which it is, and which are run")
    func otherArchitecture() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/mamba.gguf"
        var header = GGUFHeader()
        header.set("general.architecture", .string("mamba"))
        try GGUFWriter(path: file, header: header).finish()
        let run = try await CommandRun.martlet("run", file, "-p", "x")
        #expect(run.status == 2)
        #expect(run.errors.contains("'mamba'"))
        #expect(run.errors.contains("qwen2"))
    }

    @Test("a conversation beyond the context gives the numbers and the way out")
    func tooLong() async throws {
        let run = try await CommandRun.martlet(
            "run", TestModel.smollm2, "--context", "64", input: String(repeating: "word ", count: 200))
        #expect(run.status == 2)
        #expect(run.errors.contains("--context"))
        #expect(run.output.isEmpty)
    }
}
