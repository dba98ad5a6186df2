internal import JSON

/// The language servers that are known here. Where several fit a language, the first one that is on the machine is asked.
///
/// Each is told to leave alone what questions about definitions do not need: indexes of all files, checks, and, where it
/// can be told so, running what the repository says.
package struct ServerCatalogue: Hashable, Sendable {
    package var entries: [ServerEntry]

    package init(_ entries: [ServerEntry] = Self.known) { self.entries = entries }

    package static let known = [
        clangd, sourceKit, ty, pyright, basedPyright, pylsp, gopls, rustAnalyzer, typeScript, jdtls, kotlin, metals,
        csharp, omniSharp, rubyLSP, solargraph, intelephense, phpactor, bash,
    ]

    /// The languages that there is an entry for, in order.
    package var languages: [String] { Set(entries.flatMap(\.languages.keys)).sorted() }

    /// The server to ask about a language, and where its program is.
    package func server(for language: String, _ search: ProgramSearch) -> (entry: ServerEntry, program: String)? {
        for entry in entries(for: language) {
            if let path = search.path(of: entry.command[0]) { return (entry, path) }
        }
        return nil
    }

    package func entries(for language: String) -> [ServerEntry] {
        entries.filter { $0.languages[language] != nil }
    }

    private static let clangd = ServerEntry(
        name: "clangd", languages: ["c": "c", "c++": "cpp"],
        command: [
            "clangd", "--background-index=0", "--clang-tidy=0", "--pch-storage=memory", "--limit-results=0",
            "--log=error",
        ],
        readsOpenFilesOnly: true, needsIncludeFolders: true, installation: "apt install clangd, or brew install llvm")

    private static let sourceKit = ServerEntry(
        name: "sourcekit-lsp", languages: ["swift": "swift"], command: ["sourcekit-lsp"],
        initializationOptions: ["backgroundIndexing": false], warmUp: .seconds(30),
        buildFolder: ServerEntry.BuildFolder(option: "--scratch-path", usual: ".build"),
        installation: "it comes with Swift: https://swift.org/install")

    private static let ty = ServerEntry(
        name: "ty", languages: ["python": "python"], command: ["ty", "server"],
        initializationOptions: ["diagnosticMode": "off"], installation: "pip install ty")

    private static let pyright = ServerEntry(
        name: "pyright", languages: ["python": "python"], command: ["pyright-langserver", "--stdio"],
        settings: ["python": ["analysis": pyrightOptions]], installation: "npm install -g pyright")

    private static let basedPyright = ServerEntry(
        name: "basedpyright", languages: ["python": "python"], command: ["basedpyright-langserver", "--stdio"],
        settings: ["basedpyright": ["analysis": pyrightOptions]], installation: "pip install basedpyright")

    private static let pyrightOptions: JSONValue = ["diagnosticMode": "openFilesOnly", "indexing": false]

    private static let pylsp = ServerEntry(
        name: "pylsp", languages: ["python": "python"], command: ["pylsp"],
        installation: "pip install python-lsp-server")

    private static let gopls = ServerEntry(
        name: "gopls", languages: ["go": "go"], command: ["gopls"],
        installation: "go install golang.org/x/tools/gopls@latest")

    private static let rustAnalyzer = ServerEntry(
        name: "rust-analyzer", languages: ["rust": "rust"], command: ["rust-analyzer"],
        initializationOptions: rustOptions, settings: ["rust-analyzer": rustOptions], warmUp: .seconds(30),
        installation: "rustup component add rust-analyzer")

    private static let rustOptions: JSONValue = [
        "checkOnSave": false, "cachePriming": ["enable": false], "procMacro": ["enable": false],
        "cargo": ["buildScripts": ["enable": false]],
    ]

    private static let typeScript = ServerEntry(
        name: "typescript-language-server",
        languages: ["javascript": "javascript", "typescript": "typescript", "tsx": "typescriptreact"],
        command: ["typescript-language-server", "--stdio"],
        initializationOptions: ["disableAutomaticTypingAcquisition": true],
        installation: "npm install -g typescript typescript-language-server")

    private static let jdtls = ServerEntry(
        name: "jdtls", languages: ["java": "java"], command: ["jdtls"], warmUp: .seconds(30),
        buildFolder: ServerEntry.BuildFolder(option: "-data"),
        installation: "brew install jdtls, or https://github.com/eclipse-jdtls/eclipse.jdt.ls")

    private static let kotlin = ServerEntry(
        name: "kotlin-language-server", languages: ["kotlin": "kotlin"], command: ["kotlin-language-server"],
        warmUp: .seconds(30),
        installation: "brew install kotlin-language-server, or https://github.com/fwcd/kotlin-language-server")

    private static let metals = ServerEntry(
        name: "metals", languages: ["scala": "scala"], command: ["metals"], warmUp: .seconds(30),
        installation: "cs install metals")

    private static let csharp = ServerEntry(
        name: "csharp-ls", languages: ["c#": "csharp"], command: ["csharp-ls"], warmUp: .seconds(30),
        installation: "dotnet tool install --global csharp-ls")

    private static let omniSharp = ServerEntry(
        name: "OmniSharp", languages: ["c#": "csharp"], command: ["OmniSharp", "--languageserver"],
        warmUp: .seconds(30), installation: "https://github.com/OmniSharp/omnisharp-roslyn")

    private static let rubyLSP = ServerEntry(
        name: "ruby-lsp", languages: ["ruby": "ruby"], command: ["ruby-lsp"], warmUp: .seconds(30),
        installation: "gem install ruby-lsp")

    private static let solargraph = ServerEntry(
        name: "solargraph", languages: ["ruby": "ruby"], command: ["solargraph", "stdio"],
        installation: "gem install solargraph")

    private static let intelephense = ServerEntry(
        name: "intelephense", languages: ["php": "php"], command: ["intelephense", "--stdio"], warmUp: .seconds(30),
        installation: "npm install -g intelephense")

    private static let phpactor = ServerEntry(
        name: "phpactor", languages: ["php": "php"], command: ["phpactor", "language-server"],
        installation: "https://phpactor.readthedocs.io")

    private static let bash = ServerEntry(
        name: "bash-language-server", languages: ["bash": "shellscript"], command: ["bash-language-server", "start"],
        installation: "npm install -g bash-language-server")
}
