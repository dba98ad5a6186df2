/// How languages name their tests.
enum TestConventions {
    /// Of the name before the extension.
    private struct Naming {
        /// Whole stems, in any case.
        var stems: Set<String> = []
        var starts: [String] = []
        var ends: [String] = []
        /// Words in camel case that stand at the end, behind a small letter or a digit.
        var lastWords: [String] = []
        /// Whether `Test` may be the first of several words.
        var mayStartWithTest = false
    }

    private static let script = Naming(ends: [".test", ".spec", ".tests", ".specs", ".cy", ".e2e", "_test", "-test"])
    private static let machine = Naming(
        starts: ["test_", "test-"], ends: ["_test", "_tests", "-test", "_unittest", "_unittests", "_kunit"],
        lastWords: ["Test", "Tests"])
    private static let jvm = Naming(lastWords: ["Test", "Tests", "TestCase", "Spec", "IT"], mayStartWithTest: true)
    private static let dotNet = Naming(lastWords: ["Test", "Tests", "Spec", "Specs"])
    private static let shell = Naming(starts: ["test_", "test-"], ends: ["_test", "-test", ".test"])

    private static let namings: [String: Naming] = {
        var namings: [String: Naming] = [
            "go": Naming(ends: ["_test"]),
            "py": Naming(stems: ["conftest", "test", "tests"], starts: ["test_"], ends: ["_test", "_tests"]),
            "rb": Naming(stems: ["spec_helper", "test_helper"], starts: ["test_"], ends: ["_spec", "_test"]),
            "rs": Naming(stems: ["test", "tests"], starts: ["test_"], ends: ["_test", "_tests"]),
            "swift": Naming(lastWords: ["Test", "Tests", "TestCase", "Spec"]),
            "php": Naming(lastWords: ["Test", "TestCase", "Cest"]),
            "lua": Naming(starts: ["test_"], ends: ["_spec", "_test"]),
            "dart": Naming(ends: ["_test"]),
            "hs": Naming(lastWords: ["Spec", "Test"]),
            "exs": Naming(stems: ["test_helper"], ends: ["_test"]),
            "erl": Naming(ends: ["_SUITE", "_tests"]),
            "zig": Naming(stems: ["test", "tests"], ends: ["_test"]),
            "r": Naming(starts: ["test-", "test_"]),
            "jl": Naming(stems: ["runtests"], ends: ["_test", "_tests"]),
        ]
        for name in ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte"] { namings[name] = script }
        for name in ["c", "h", "cc", "cpp", "cxx", "hpp", "hh", "hxx", "cu", "m", "mm"] { namings[name] = machine }
        for name in ["java", "kt", "kts", "scala", "groovy"] { namings[name] = jvm }
        for name in ["cs", "fs", "vb"] { namings[name] = dotNet }
        for name in ["sh", "bash", "zsh", "fish"] { namings[name] = shell }
        return namings
    }()

    private static let folders: Set<String> = [
        "test", "tests", "__tests__", "__mocks__", "__snapshots__", "spec", "specs", "selftest", "selftests", "kunit",
        "unittest", "unittests", "unit-tests", "unit_tests", "testdata", "test-data", "test_data", "testcases", "e2e",
        "androidtest", "integrationtest", "integration-tests", "integration_tests", "testfixtures",
    ]

    static func isTestFolder(_ name: String) -> Bool {
        // The second as Swift and .NET name targets: SyntaxTests, Syntax.Tests.
        folders.contains(name.lowercased()) || endsInWord("Tests", name)
    }

    static func isTest(_ name: String) -> Bool {
        let (stem, fileExtension) = PathConventions.split(name)
        if fileExtension == "bats" { return true }
        guard let naming = namings[fileExtension.lowercased()] else { return false }
        return naming.stems.contains(stem.lowercased()) || naming.starts.contains { stem.hasPrefix($0) }
            || naming.ends.contains { stem.hasSuffix($0) }
            || naming.lastWords.contains { $0 != stem && endsInWord($0, stem) }
            || naming.mayStartWithTest && startsWithTest(stem)
    }

    /// `FastTest` ends in the word `Test`, `Latest` does not: it has no capital. Behind another capital a word of
    /// capitals alone is none, as in `EDIT`.
    private static func endsInWord(_ word: String, _ text: String) -> Bool {
        guard text.hasSuffix(word), let before = text.utf8.dropLast(word.utf8.count).last else { return text == word }
        return !isCapital(before) || !word.utf8.allSatisfy(isCapital)
    }

    private static func startsWithTest(_ stem: String) -> Bool {
        guard stem.hasPrefix("Test"), let next = stem.utf8.dropFirst(4).first else { return false }
        return isCapital(next)
    }

    private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
