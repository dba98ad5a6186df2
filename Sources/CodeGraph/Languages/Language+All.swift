extension Language {
    package static let all = [
        bash, c, cPlusPlus, cSharp, go, java, javaScript, kotlin, php, python, ruby, rust, scala, swift, tsx,
        typeScript,
    ]

    private static let bash = Language(
        id: "bash", grammar: "bash", extensions: ["sh", "bash"], fileNames: [".bashrc", ".bash_profile", ".profile"],
        interpreters: ["sh", "bash", "dash"]
    ) {
        [PackageResources.bash_definitions_scm, PackageResources.bash_references_scm]
    }

    /// Headers are read as C. What of C++ they hold is found where the C grammar recovers.
    private static let c = Language(id: "c", grammar: "c", extensions: ["c", "h"]) {
        [PackageResources.c_definitions_scm, PackageResources.c_references_scm]
    }

    private static let cPlusPlus = Language(
        id: "c++", grammar: "cpp",
        extensions: ["cc", "cpp", "cxx", "hh", "hpp", "hxx", "ipp", "tpp", "inl", "cu", "cuh"]
    ) {
        [
            PackageResources.cplusplus_definitions_scm, PackageResources.cplusplus_references_scm,
            PackageResources.c_references_scm,
        ]
    }

    private static let cSharp = Language(id: "c#", grammar: "csharp", extensions: ["cs"]) {
        [PackageResources.csharp_definitions_scm, PackageResources.csharp_references_scm]
    }

    private static let go = Language(id: "go", grammar: "go", extensions: ["go"]) {
        [PackageResources.go_definitions_scm, PackageResources.go_references_scm]
    }

    private static let java = Language(id: "java", grammar: "java", extensions: ["java"]) {
        [PackageResources.java_definitions_scm, PackageResources.java_references_scm]
    }

    private static let javaScript = Language(
        id: "javascript", grammar: "javascript", extensions: ["js", "jsx", "mjs", "cjs"], interpreters: ["node"]
    ) {
        [
            PackageResources.javascript_definitions_scm, PackageResources.javascript_references_scm,
            PackageResources.jsx_references_scm,
        ] + ecmaScript
    }

    private static let kotlin = Language(id: "kotlin", grammar: "kotlin", extensions: ["kt", "kts"]) {
        [PackageResources.kotlin_definitions_scm, PackageResources.kotlin_references_scm]
    }

    private static let php = Language(
        id: "php", grammar: "php", extensions: ["php", "phtml"], interpreters: ["php"]
    ) {
        [PackageResources.php_definitions_scm, PackageResources.php_references_scm]
    }

    private static let python = Language(
        id: "python", grammar: "python", extensions: ["py", "pyi", "pyw"], interpreters: ["python", "python3"]
    ) {
        [PackageResources.python_definitions_scm, PackageResources.python_references_scm]
    }

    private static let ruby = Language(
        id: "ruby", grammar: "ruby", extensions: ["rb", "rake", "gemspec"],
        fileNames: ["Rakefile", "Gemfile", "Vagrantfile", "Podfile", "Fastfile"], interpreters: ["ruby"]
    ) {
        [PackageResources.ruby_definitions_scm, PackageResources.ruby_references_scm]
    }

    private static let rust = Language(id: "rust", grammar: "rust", extensions: ["rs"]) {
        [PackageResources.rust_definitions_scm, PackageResources.rust_references_scm]
    }

    private static let scala = Language(id: "scala", grammar: "scala", extensions: ["scala", "sc", "sbt"]) {
        [PackageResources.scala_definitions_scm, PackageResources.scala_references_scm]
    }

    private static let swift = Language(
        id: "swift", grammar: "swift", extensions: ["swift"], interpreters: ["swift"]
    ) {
        [PackageResources.swift_definitions_scm, PackageResources.swift_references_scm]
    }

    private static let tsx = Language(id: "tsx", grammar: "tsx", extensions: ["tsx"]) {
        [PackageResources.jsx_references_scm] + typeScript.queries()
    }

    private static let typeScript = Language(
        id: "typescript", grammar: "typescript", extensions: ["ts", "mts", "cts"],
        interpreters: ["deno", "ts-node", "tsx"]
    ) {
        [PackageResources.typescript_definitions_scm, PackageResources.typescript_references_scm] + ecmaScript
    }

    private static var ecmaScript: [[UInt8]] {
        [PackageResources.ecmascript_definitions_scm, PackageResources.ecmascript_references_scm]
    }
}
