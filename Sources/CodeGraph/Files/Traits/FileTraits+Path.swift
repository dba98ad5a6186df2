extension FileTraits {
    /// What the path alone tells.
    /// - Parameter path: from the repository's root: folders above it say nothing about its files.
    package init(path: String) {
        let components = path.split(separator: "/")
        let name = String(components.last ?? "")
        let folders = components.dropLast().map(String.init)
        let lowerFolders = folders.map { $0.lowercased() }
        self = []
        if PathConventions.isGenerated(name) { insert(.generated) }
        if PathConventions.isMinified(name) { insert([.generated, .minified]) }
        if lowerFolders.contains(where: PathConventions.vendorFolders.contains) { insert(.vendored) }
        if folders.contains(where: TestConventions.isTestFolder) || TestConventions.isTest(name) { insert(.test) }
        if lowerFolders.contains(where: PathConventions.documentationFolders.contains)
            || PathConventions.isDocumentation(name)
        {
            insert(.documentation)
        }
    }
}

/// Names by which files and folders tell what they are, tests apart.
enum PathConventions {
    /// In lower case, as the folders they are compared with.
    static let vendorFolders: Set<String> = [
        "vendor", "vendored", "_vendor", "node_modules", "bower_components", "jspm_packages", "third_party",
        "third-party", "thirdparty", "3rdparty", "3rd_party", "site-packages", "dist-packages", "pods", "carthage",
        "godeps", ".venv", ".yarn", ".cargo-vendor",
    ]
    static let documentationFolders: Set<String> = ["doc", "docs", "documentation"]

    private static let lockFiles: Set<String> = [
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
        "deno.lock", "cargo.lock", "gemfile.lock", "podfile.lock", "composer.lock", "poetry.lock", "pipfile.lock",
        "uv.lock", "pdm.lock", "pixi.lock", "go.sum", "go.work.sum", "mix.lock", "rebar.lock", "pubspec.lock",
        "flake.lock", "package.resolved", "cartfile.resolved", "packages.lock.json", "paket.lock", "gradle.lockfile",
        "chart.lock", ".terraform.lock.hcl", "conan.lock", "module.bazel.lock", "project.assets.json",
    ]
    private static let generatedEnds = [
        ".pb.go", ".pb.gw.go", ".gen.go", "_pb2.py", "_pb2.pyi", "_pb2_grpc.py", ".pb.cc", ".pb.h", ".pb.swift",
        ".grpc.swift", ".pb.rs", "_pb.js", "_pb.d.ts", "_pb.ts", "_grpc_pb.js", "_pb.rb", ".pb.dart", ".pbenum.dart",
        ".pbjson.dart", ".g.dart", ".freezed.dart", ".g.cs", ".g.i.cs", ".designer.cs", ".js.map", ".mjs.map",
        ".cjs.map", ".css.map", ".ts.map", ".js.snap", ".jsx.snap", ".ts.snap", ".tsx.snap",
    ]
    private static let documentationExtensions: Set<String> = [
        "md", "markdown", "mdx", "mdown", "rst", "adoc", "asciidoc", "txt", "textile", "rdoc", "pod", "org", "texi",
        "texinfo",
    ]
    private static let documentationNames: Set<String> = [
        "readme", "license", "licence", "copying", "copyright", "notice", "authors", "contributors", "contributing",
        "changelog", "changes", "history", "news", "credits", "maintainers", "install", "todo", "security",
    ]
    /// Texts for programs.
    private static let otherTexts: Set<String> = [
        "cmakelists.txt", "robots.txt", "go.mod.txt", "top_level.txt", "entry_points.txt", "sources.txt",
    ]

    static func isGenerated(_ name: String) -> Bool {
        let name = name.lowercased()
        return lockFiles.contains(name) || generatedEnds.contains(where: name.hasSuffix)
            || name.contains(".generated.") || name.contains("_generated.") || name.hasPrefix("zz_generated.")
    }

    static func isMinified(_ name: String) -> Bool {
        [".min.js", ".min.mjs", ".min.cjs", ".min.css"].contains(where: name.lowercased().hasSuffix)
    }

    static func isDocumentation(_ name: String) -> Bool {
        let name = name.lowercased()
        guard !otherTexts.contains(name) else { return false }
        let (stem, fileExtension) = split(name)
        // Lists of packages for pip.
        if fileExtension == "txt" { return !stem.hasPrefix("requirements") && !stem.hasPrefix("constraints") }
        return documentationExtensions.contains(fileExtension)
            || fileExtension.isEmpty && documentationNames.contains(stem)
    }

    /// The name before its last dot and what stands behind; a dot at the start begins no extension.
    static func split(_ name: String) -> (stem: String, fileExtension: String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }
}
