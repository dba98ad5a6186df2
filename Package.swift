// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// For the targets that hold raw memory: every unsafe expression says so.
let unsafeSettings = swiftSettings + [.strictMemorySafety()]

// The executable carries the Swift runtime and Foundation, so that it starts in milliseconds and runs where no toolchain
// is. `--static-swift-stdlib` would say so for every target, and the tests could not share their objects: Testing exists
// as a shared library only. See Docs/Decisions/0002-static-executable.md.
let staticRelease = BuildSettingCondition.when(platforms: [.linux], configuration: .release)

/// The folders of Sources/CodeGraph/Languages.
let languages = [
    "Bash", "C", "CPlusPlus", "CSharp", "ECMAScript", "Go", "Java", "JSX", "JavaScript", "Kotlin", "PHP", "Python",
    "Ruby", "Rust", "Scala", "Swift", "TypeScript",
]

/// The files of Sources/Evaluation/Suites/Prompts.
let prompts = ["cruxeval_input", "cruxeval_output", "humaneval", "mbpp", "multipl_e"]

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "martlet", targets: ["martlet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "3.0.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.65.0"),
        .package(url: "https://github.com/tree-sitter/tree-sitter.git", exact: "0.25.2"),
    ],
    targets: [
        .target(name: "CKernels"),
        .target(name: "CCurl"),
        .target(name: "CPlatform"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "JSON", swiftSettings: swiftSettings),
        .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: unsafeSettings),
        .target(name: "Grammars", dependencies: ["JSON"], swiftSettings: swiftSettings),
        .target(name: "MCP", dependencies: ["JSON"], swiftSettings: swiftSettings),
        .target(name: "HTTP", dependencies: ["CCurl"], swiftSettings: unsafeSettings),
        .target(name: "RemoteChat", dependencies: ["Chat", "HTTP", "JSON"], swiftSettings: unsafeSettings),
        .target(name: "Processes", dependencies: ["CPlatform"], swiftSettings: unsafeSettings),
        .target(name: "LanguageServers", dependencies: ["JSON", "Processes"], swiftSettings: unsafeSettings),
        .target(name: "Tensors", dependencies: ["CKernels", "CPlatform"], swiftSettings: unsafeSettings),
        .target(
            name: "ModelFiles",
            dependencies: [
                "CPlatform", "CZlib", "HTTP", "JSON", "Tensors", .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.embedInCode("Catalogue/catalogue.json")],
            swiftSettings: unsafeSettings),
        .target(name: "Tokenization", dependencies: ["ModelFiles"], swiftSettings: swiftSettings),
        .target(name: "WordVectors", dependencies: ["ModelFiles", "Tokenization"], swiftSettings: unsafeSettings),
        .target(name: "ChatTemplates", dependencies: ["JSON"], swiftSettings: swiftSettings),
        .target(
            name: "Architectures", dependencies: ["Tensors", "ModelFiles"], swiftSettings: unsafeSettings),
        .target(
            name: "Quantization", dependencies: ["ModelFiles", "Tensors"], swiftSettings: unsafeSettings),
        .target(
            name: "Workspaces",
            dependencies: [.target(name: "CSeccomp", condition: .when(platforms: [.linux])), "JSON", "Processes"],
            swiftSettings: unsafeSettings),
        .target(
            name: "Evaluation",
            dependencies: ["Chat", "CodeGraph", "JSON", "Processes", "Statistics", "Workspaces", "YAML"],
            resources: [
                .embedInCode("Graders/function_grader.py"), .embedInCode("Reports/report.css"),
                .embedInCode("Repositories/python_tests.py"), .embedInCode("Repositories/repository_prompt.json"),
                .embedInCode("Scale/anchors.json"),
            ] + prompts.map { .embedInCode("Suites/Prompts/\($0)_prompt.json") },
            swiftSettings: swiftSettings),
        .target(name: "Statistics", swiftSettings: swiftSettings),
        .target(
            name: "Generation", dependencies: ["Architectures", "CPlatform", "ModelFiles", "Statistics", "Tensors"],
            swiftSettings: swiftSettings),
        .target(name: "Chat", dependencies: ["JSON"], swiftSettings: swiftSettings),
        .target(
            name: "LocalChat",
            dependencies: [
                "Architectures", "Chat", "ChatTemplates", "Generation", "Grammars", "HTTP", "JSON", "ModelFiles",
                "Tensors", "Tokenization",
            ],
            swiftSettings: swiftSettings),
        .target(name: "Residency", dependencies: ["Chat"], swiftSettings: swiftSettings),
        .target(name: "WireFormats", dependencies: ["Chat", "JSON"], swiftSettings: swiftSettings),
        .target(
            name: "WebPage",
            resources: [
                .embedInCode("Files/index.html"), .embedInCode("Files/page.css"), .embedInCode("Files/icon.svg"),
                .embedInCode("Files/answer.js"), .embedInCode("Files/api.js"), .embedInCode("Files/code.js"),
                .embedInCode("Files/dom.js"), .embedInCode("Files/files.js"), .embedInCode("Files/highlight.js"),
                .embedInCode("Files/inline.js"), .embedInCode("Files/live.js"), .embedInCode("Files/main.js"),
                .embedInCode("Files/markdown.js"), .embedInCode("Files/settings.js"),
                .embedInCode("Files/sidebar.js"), .embedInCode("Files/store.js"), .embedInCode("Files/theme.js"),
                .embedInCode("Files/thread.js"),
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Server",
            dependencies: [
                "Chat", "JSON", "MCP", "WebPage", "WireFormats", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: unsafeSettings),
        .target(
            name: "Syntax", dependencies: ["CPlatform", .product(name: "TreeSitter", package: "tree-sitter")],
            swiftSettings: unsafeSettings),
        .target(
            name: "GrammarFiles", dependencies: ["CZlib", "HTTP", "ModelFiles", "Syntax"], swiftSettings: unsafeSettings
        ),
        .target(
            name: "CodeGraph",
            dependencies: [
                "CPlatform", "CZlib", "Processes", "SQLite", "Syntax",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Languages/README.md"],
            resources: languages.flatMap { name in
                ["definitions", "references"].map { .embedInCode("Languages/\(name)/\(name.lowercased())_\($0).scm") }
            },
            swiftSettings: unsafeSettings),
        .target(
            name: "GraphPage",
            dependencies: ["CZlib", "CodeGraph", "JSON", .product(name: "Crypto", package: "swift-crypto")],
            resources: [
                .embedInCode("Files/index.html"), .embedInCode("Files/page.css"), .embedInCode("Files/dom.js"),
                .embedInCode("Files/graph.js"), .embedInCode("Files/layout.js"), .embedInCode("Files/scene.js"),
                .embedInCode("Files/map.js"), .embedInCode("Files/panel.js"), .embedInCode("Files/search.js"),
                .embedInCode("Files/main.js"),
            ],
            swiftSettings: unsafeSettings),
        .target(name: "CEditLine", linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "Settings", swiftSettings: swiftSettings),
        .executableTarget(
            name: "martlet",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                "Architectures", "CEditLine", "Chat", "ChatTemplates", "CodeGraph", "Evaluation", "Generation",
                "GrammarFiles", "GraphPage", "HTTP", "JSON", "LanguageServers", "LocalChat", "MCP", "ModelFiles",
                "Quantization", "RemoteChat", "Residency", "SQLite", "Server", "Settings", "Statistics", "Tensors",
                "Tokenization",
                "WireFormats", "WordVectors", "Workspaces",
            ],
            swiftSettings: swiftSettings + [.unsafeFlags(["-static-stdlib"], staticRelease)],
            linkerSettings: [.unsafeFlags(["-static-stdlib", "-use-ld=lld"], staticRelease)]),
        .target(
            name: "TestSupport", dependencies: ["ModelFiles", "Tensors", "Workspaces"], path: "Tests/TestSupport",
            exclude: ["fault_server.py"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "WireFormatsTests", dependencies: ["Chat", "JSON", "TestSupport", "WireFormats"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Chat", "JSON", "Server", "TestSupport", "WireFormats", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["browser.py", "page_models_test.py", "page_test.py"], swiftSettings: swiftSettings),
        .testTarget(
            name: "CodeGraphTests", dependencies: ["CodeGraph", "GrammarFiles", "SQLite", "Syntax", "TestSupport"],
            exclude: ["Languages/Fixtures"], swiftSettings: swiftSettings),
        .testTarget(
            name: "GraphPageTests", dependencies: ["CodeGraph", "GrammarFiles", "GraphPage", "JSON", "TestSupport"],
            exclude: ["page_test.py"], swiftSettings: swiftSettings),
        .testTarget(
            name: "SyntaxTests", dependencies: ["GrammarFiles", "Syntax", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(name: "YAMLTests", dependencies: ["TestSupport", "YAML"], swiftSettings: swiftSettings),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(
            name: "CommandTests", dependencies: ["ModelFiles", "Tensors", "TestSupport"],
            exclude: ["Clients"], swiftSettings: swiftSettings),
        .testTarget(
            name: "LocalChatTests",
            dependencies: ["Chat", "ChatTemplates", "Generation", "JSON", "LocalChat", "TestSupport", "Tokenization"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ResidencyTests", dependencies: ["Chat", "Residency", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(name: "ChatTests", dependencies: ["Chat", "JSON", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(
            name: "GrammarsTests", dependencies: ["Grammars", "JSON", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(name: "MCPTests", dependencies: ["JSON", "MCP", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(
            name: "LanguageServersTests", dependencies: ["JSON", "LanguageServers", "TestSupport"],
            exclude: ["scripted_server.py"], swiftSettings: swiftSettings),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: swiftSettings),
        .testTarget(
            name: "TensorsTests", dependencies: ["CKernels", "TestSupport", "Tensors"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ModelFilesTests", dependencies: ["HTTP", "JSON", "ModelFiles", "Tensors", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "GrammarFilesTests", dependencies: ["GrammarFiles", "HTTP", "ModelFiles", "Syntax", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "QuantizationTests",
            dependencies: ["Architectures", "Generation", "ModelFiles", "Quantization", "Tensors", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "TokenizationTests", dependencies: ["JSON", "ModelFiles", "TestSupport", "Tokenization"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "WordVectorsTests", dependencies: ["ModelFiles", "TestSupport", "Tokenization", "WordVectors"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ChatTemplatesTests", dependencies: ["ChatTemplates", "JSON", "TestSupport"], exclude: ["Fixtures"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ModelTests", dependencies: ["Architectures", "Generation", "ModelFiles", "Tensors", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "GenerationTests", dependencies: ["Generation", "Statistics", "TestSupport"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Chat", "Evaluation", "GrammarFiles", "Statistics", "TestSupport", "Workspaces"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "RemoteChatTests", dependencies: ["Chat", "HTTP", "JSON", "RemoteChat", "TestSupport"],
            exclude: ["upstream.py"], swiftSettings: swiftSettings),
        .testTarget(
            name: "WorkspacesTests", dependencies: ["TestSupport", "Workspaces"], exclude: ["Escapes"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "StatisticsTests", dependencies: ["Statistics", "TestSupport"], swiftSettings: swiftSettings),
    ]
)
