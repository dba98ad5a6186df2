/// A kind of machine that grammars are compiled for.
package struct GrammarPlatform: Hashable, Sendable {
    /// As the bundle names it, such as `linux-x86_64`.
    package let name: String

    package init(name: String) {
        self.name = name
    }

    /// This machine; nil where nobody offers compiled grammars.
    package static let current: GrammarPlatform? = {
        #if os(Linux) && canImport(Glibc) && arch(x86_64)
            GrammarPlatform(name: "linux-x86_64")
        #elseif os(Linux) && canImport(Glibc) && arch(arm64)
            GrammarPlatform(name: "linux-arm64")
        #elseif os(macOS) && arch(arm64)
            GrammarPlatform(name: "macos-arm64")
        #elseif os(macOS) && arch(x86_64)
            GrammarPlatform(name: "macos-x86_64")
        #else
            nil
        #endif
    }()

    /// How the names of shared libraries end here.
    package static let libraryExtension: String = {
        #if canImport(Darwin)
            "dylib"
        #else
            "so"
        #endif
    }()
}
