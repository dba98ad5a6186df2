import ModelFiles
import TestSupport
import Testing

@Suite("Model references")
struct ReferenceTests {
    @Test("hub references have owner, repository, path and perhaps a revision")
    func hub() throws {
        guard case .hub(let file) = try ModelReference("hf:o/r/sub/m.gguf@v1.0") else { throw CancellationError() }
        #expect(file.repository == "o/r")
        #expect(file.path == "sub/m.gguf")
        #expect(file.name == "m.gguf")
        #expect(file.revision == "v1.0")
        #expect(file.description == "hf:o/r/sub/m.gguf@v1.0")
        for text in ["hf:", "hf:o/r", "hf:o//m.gguf", "hf:o/r/../m.gguf", "hf:o/r/m.gguf@", "hf:/o/r/m"] {
            #expect(throws: ReferenceError.self) { try ModelReference(text) }
        }
    }

    @Test("wheel references expand their ranges together")
    func wheels() throws {
        let text = "pypi:part{9..11}==0.2.0/part{9..11}/data/part{09..11}.bin,last==1/x/y"
        guard case .wheels(let members) = try ModelReference(text) else { throw CancellationError() }
        #expect(members.map(\.distribution) == ["part9", "part10", "part11", "last"])
        #expect(
            members.map(\.member) == [
                "part9/data/part09.bin", "part10/data/part10.bin", "part11/data/part11.bin", "x/y",
            ])
        for text in [
            "pypi:", "pypi:a/b", "pypi:a==1", "pypi:a==1/", "pypi:a{1..2}==1/b{1..3}", "pypi:a{2..1}==1/b",
            "pypi:a{1..2==1/b", "pypi:a{x..2}==1/b", "pypi:a{0..999999}==1/b",
        ] {
            #expect(throws: ReferenceError.self) { try ModelReference(text) }
        }
    }

    @Test("what looks like a path is one, anything else is a name")
    func pathsAndNames() throws {
        for text in ["m.gguf", "./m", "/m", "a/b", "~/m", "."] {
            #expect(try ModelReference(text) == .path(text))
        }
        for text in ["qwen2.5-coder", "qwen2.5-coder:1.5b", "x"] {
            #expect(try ModelReference(text) == .name(text))
        }
    }
}

@Suite("Python index settings")
struct PythonIndexSettingsTests {
    private let files = [
        "/etc/pip.conf": "[global]\ncert = /x\nindex-url = https://machine/simple\n",
        "/h/.config/pip/pip.conf":
            "# mine\n[install]\nindex_url: https://user/simple/\nextra-index-url =\n    https://a/\n    https://b/\n",
        "/venv/pip.conf": "[freeze]\nindex-url = https://wrong/\n",
    ]

    private func indexes(_ environment: [String: String]) -> [String] {
        PythonIndexSettings(environment: environment) { files[$0] }.indexes(orElse: "https://pip")
    }

    @Test("come from the variables, then the user's file, then the machine's, then pip's own")
    func precedence() {
        #expect(indexes([:]) == ["https://machine/simple/"])
        #expect(indexes(["HOME": "/h"]) == ["https://user/simple/", "https://a/", "https://b/"])
        #expect(indexes(["HOME": "/h", "VIRTUAL_ENV": "/venv"]).first == "https://user/simple/")
        #expect(indexes(["HOME": "/h", "PIP_INDEX_URL": "https://env"]).first == "https://env/")
        #expect(indexes(["PIP_CONFIG_FILE": "/dev/null"]) == ["https://pip/"])
    }

    @Test("pip's own is read from its help, however that is wrapped")
    func pipHelp() {
        let help = """
              -i, --index-url <url>       Base URL of the Python Package Index (default
                                          https://index.example/simple). This should point to
              --extra-index-url <url>     Extra URLs
            """
        #expect(defaultIndex(inHelp: help) == "https://index.example/simple")
        #expect(defaultIndex(inHelp: "--index-url <url> (default https://a)") == "https://a")
        #expect(defaultIndex(inHelp: "--index-url <url>") == nil)
        #expect(defaultIndex(inHelp: "") == nil)
    }
}

@Suite("The hub's settings")
struct HuggingFaceHubTests {
    @Test("come from HF_ENDPOINT and HF_TOKEN, else from what a login stored")
    func environment() throws {
        let folder = try TemporaryFolder()
        try folder.write("stored\n", to: "huggingface/token")
        let stored = HuggingFaceHub(environment: ["XDG_CACHE_HOME": folder.path])
        #expect(stored.endpoint == "https://huggingface.co")
        #expect(stored.token == "stored")
        let named = HuggingFaceHub(
            environment: ["XDG_CACHE_HOME": folder.path, "HF_TOKEN": " mine\n", "HF_ENDPOINT": "https://mirror/"])
        #expect(named.endpoint == "https://mirror")
        #expect(named.token == "mine")
        #expect(HuggingFaceHub(environment: [:]).token == nil)
    }
}
