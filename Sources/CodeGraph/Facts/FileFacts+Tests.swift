extension FileFacts {
    /// Whether a symbol is a test, by the conventions of its language.
    /// - Parameter isTestFile: whether the file is one, by its path.
    package func isTest(_ ordinal: Int, language: String?, isTestFile: Bool) -> Bool {
        let symbol = symbols[ordinal]
        if symbol.kind == .test { return true }
        let name = names.utf8(symbol.name)
        switch language ?? "" {
        case "python":
            return symbol.kind.isCallable && name.starts(with: "test".utf8)
                && (isTestFile || supertypes(of: symbol.parent).contains { $0.hasSuffix("TestCase") })
        case "go":
            let starts = ["Test", "Benchmark", "Fuzz", "Example"]
            guard symbol.kind == .function, isTestFile else { return false }
            return starts.contains { start in
                // `Testing` is no test, `Test` and `TestMain` and `Test_it` are.
                name.starts(with: start.utf8)
                    && !(name.dropFirst(start.utf8.count).first.map { (97...122).contains($0) } ?? false)
            }
        case "swift", "java", "kotlin", "scala", "php", "ruby":
            if isAnnotated(ordinal) { return true }
            return symbol.kind == .method && name.starts(with: "test".utf8)
                && supertypes(of: symbol.parent).contains { $0.hasSuffix("TestCase") || $0.hasSuffix("Test") }
        default: return isAnnotated(ordinal)
        }
    }

    /// Whether a symbol is in a test, or is one.
    package func isInTest(_ ordinal: Int, language: String?, isTestFile: Bool) -> Bool {
        var place = ordinal
        while place >= 0 {
            if isTest(place, language: language, isTestFile: isTestFile) || isTestModule(place) { return true }
            place = Int(symbols[place].parent)
        }
        return false
    }

    private static let testAnnotations: Set<String> = [
        "Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "Fact", "Theory", "TestMethod",
        "DataTestMethod", "TestCase", "TestCaseSource", "test", "rstest", "test_case", "quickcheck", "proptest",
        "wasm_bindgen_test", "bench", "Benchmark",
    ]

    private func isAnnotated(_ ordinal: Int) -> Bool {
        guard symbols[ordinal].kind.isCallable else { return false }
        return annotations.contains { annotation in
            guard Int(annotation.symbol) == ordinal else { return false }
            let parts = names[annotation.name].split { $0 == "." || $0 == ":" || $0 == "\\" }
            return parts.last.map { Self.testAnnotations.contains(String($0)) } ?? false
        }
    }

    /// Rust's `#[cfg(test)] mod tests`.
    private func isTestModule(_ ordinal: Int) -> Bool {
        guard symbols[ordinal].kind == .module else { return false }
        return annotations.contains { annotation in
            Int(annotation.symbol) == ordinal && names[annotation.name] == "cfg"
                && names[annotation.arguments].split { !$0.isLetter }.contains("test")
        }
    }

    /// What a type says that it inherits from, and its owner says where a member stands outside.
    private func supertypes(of type: Int32) -> [String] {
        guard type >= 0 else { return [] }
        return references.filter { $0.container == type && [.inherit, .implement].contains($0.role) }
            .map { names[$0.name] }
    }
}
