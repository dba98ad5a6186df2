internal import CodeGraph

/// What files of repositories are for, by their paths, as most languages have it.
package enum RepositoryPaths {
    /// Whether it is a test, or something that tests read.
    package static func isTest(_ path: String) -> Bool {
        let folders = path.lowercased().split(separator: "/").dropLast()
        return FileTraits(path: path).contains(.test) || folders.contains("fixtures") || path.hasSuffix(".snap")
    }

    /// Whether it says which tests run and how, or is run before all else: no answer may change it.
    package static func runsTests(_ path: String) -> Bool {
        let parts = path.lowercased().split(separator: "/").map(String.init)
        guard let name = parts.last else { return false }
        if parts.contains(where: { $0.hasPrefix(".") || infrastructureFolders.contains($0) }) { return true }
        let (stem, ending) = split(name)
        return infrastructure.contains(name)
            || ["pth", "pyc", "pyo", "so", "dll", "dylib", "egg-link"].contains(ending)
            || infrastructureStems.contains(stem) || stem.hasSuffix(".config") || name.hasPrefix("tsconfig")
            || name.hasPrefix("requirements")
    }

    private static let infrastructureFolders: Set<String> = [
        "__pycache__", "node_modules", "vendor", "site-packages", "unittest", "pytest", "_pytest",
    ]
    private static let infrastructureStems: Set<String> = [
        "conftest", "sitecustomize", "usercustomize", "unittest", "pytest", "_pytest", "noxfile", "jest.setup",
        "vitest.setup", "spec_helper", "rails_helper", "test_helper", "build.gradle", "settings.gradle",
    ]
    private static let infrastructure: Set<String> = [
        "pytest.ini", "tox.ini", "setup.cfg", "setup.py", "pyproject.toml", "poetry.lock", "uv.lock", "pipfile",
        "pipfile.lock", "makefile", "gnumakefile", "justfile", "package.json", "package-lock.json", "yarn.lock",
        "pnpm-lock.yaml", "deno.json", "bunfig.toml", "karma.conf.js", "cargo.toml", "cargo.lock", "build.rs", "go.mod",
        "go.sum", "go.work", "package.swift", "package.resolved", "cmakelists.txt", "ctesttestfile.cmake",
        "meson.build", "build", "build.bazel", "workspace", "pom.xml", "gemfile", "gemfile.lock", "rakefile",
        "mix.exs", "composer.json", "phpunit.xml", "phpunit.xml.dist", "dune-project", "build.sbt", "build.zig",
    ]

    /// Whether it only tells people something.
    static func isDocumentation(_ path: String) -> Bool {
        let parts = path.lowercased().split(separator: "/").map(String.init)
        guard let name = parts.last else { return false }
        let (stem, ending) = split(name)
        return ["md", "rst", "adoc", "markdown"].contains(ending) || ["doc", "docs"].contains(parts[0])
            || ["", "txt"].contains(ending)
                && ["readme", "changelog", "changes", "news", "authors", "license", "copying", "history"].contains(stem)
    }

    static func isCode(_ path: String) -> Bool { code.contains(split(path.lowercased()).ending) }

    private static let code: Set<String> = [
        "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "m", "mm", "cs", "clj", "cu", "dart", "el", "erl", "ex", "exs",
        "f90", "fs", "go", "groovy", "hs", "java", "jl", "js", "jsx", "cjs", "mjs", "kt", "lua", "metal", "ml", "php",
        "pl", "pm", "ps1", "py", "pyi", "pyx", "r", "rb", "rs", "scala", "sh", "sql", "svelte", "swift", "ts", "tsx",
        "mts", "cts", "vue", "zig",
    ]

    private static func split(_ name: String) -> (stem: String, ending: String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }
}
