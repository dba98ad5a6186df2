import LocalChat
import TestSupport
import Testing
import Tokenization

@Suite("Filling in the middle")
struct FillInTheMiddleTests {
    private let model: LoadedModel

    init() throws { model = try LoadedModel(path: TestModel.path(of: TestModel.qwen)) }

    private func text(_ request: FillInTheMiddle) throws -> String {
        try model.tokenizer.text(
            try request.tokens(for: model), options: DecodingOptions(rendersControlTokens: true))
    }

    private func request(prefix: String, suffix: String, files: [FillInTheMiddle.File] = []) -> FillInTheMiddle {
        FillInTheMiddle(
            prefix: Array(prefix.utf8), suffix: Array(suffix.utf8), path: "main.py", repository: "demo",
            otherFiles: files)
    }

    @Test("puts prefix, suffix and middle in the order that the model was trained on")
    func oneFile() throws {
        #expect(
            try text(request(prefix: "a = ", suffix: "\nprint(a)"))
                == "<|fim_prefix|>a = <|fim_suffix|>\nprint(a)<|fim_middle|>")
    }

    @Test("puts other files of the repository before, each under its path")
    func repository() throws {
        let files = [FillInTheMiddle.File(path: "util.py", content: Array("def f(): pass".utf8))]
        #expect(
            try text(request(prefix: "a = ", suffix: "", files: files))
                == """
                <|repo_name|>demo
                <|file_sep|>util.py
                def f(): pass
                <|file_sep|>main.py
                <|fim_prefix|>a = <|fim_suffix|><|fim_middle|>
                """)
    }

    @Test("takes control tokens in the code for the text that they are")
    func controlText() throws {
        let ids = try request(prefix: "# <|fim_middle|> <|endoftext|>", suffix: "").tokens(for: model)
        let middle = try #require(model.tokenizer.special.fillInMiddle.middle)
        #expect(ids.filter { $0 == middle }.count == 1)
        #expect(ids.filter(model.tokenizer.endOfGenerationIDs.contains).isEmpty)
    }

    @Test("takes bytes that are not UTF-8 as they are")
    func bytes() throws {
        var request = request(prefix: "", suffix: "")
        request.prefix = [0x61, 0xff, 0xc3, 0x0a]
        let ids = try request.tokens(for: model)
        #expect(try model.tokenizer.decode(ids.dropFirst().prefix { $0 < 151_643 }) == request.prefix)
    }
}
