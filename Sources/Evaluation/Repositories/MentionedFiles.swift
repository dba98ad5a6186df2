/// The files that a text is about: those whose paths it has, and those that the tests it names are of.
struct MentionedFiles {
    /// To be shown and changed.
    var source: [String]
    /// To be shown.
    var tests: [String]

    /// - Parameter limits: how much is shown at most.
    init(in text: String, _ state: RepositoryState, _ limits: TaskLimits) {
        let words = Self.words(text) { !($0.isLetter || $0.isNumber || "_-./".contains($0)) }
        // Tracebacks have absolute paths, and unittest has modules' names.
        func isNamed(_ path: String) -> Bool {
            if words.contains(path[...]) || words.contains(where: { $0.hasSuffix("/" + path) }) { return true }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if words.contains(name[...]) { return true }
            let stem = Self.stem(path).replacing("/", with: ".")
            return path.hasSuffix(".py") && words.contains { $0 == stem || $0.hasPrefix(stem + ".") }
        }
        let code = state.files.keys.filter(RepositoryPaths.isCode).sorted()
        let named = code.filter(isNamed)
        let namedTests = named.filter { RepositoryPaths.isTest($0) }
        var source = named.filter(Self.mayChange)
        // What the tests are of: by their names, `test_shape.py` of `shape.py`, and by what they import.
        let identifiers = namedTests.reduce(into: Set<Substring>()) { all, path in
            let lines = (state.text(path) ?? "").split(separator: "\n").filter { line in
                ["import", "from ", "require", "#include", "use "].contains { line.contains($0) }
            }
            for line in lines { all.formUnion(Self.words(String(line)) { !($0.isLetter || $0.isNumber || $0 == "_") }) }
        }
        let stems = Set(namedTests.map { Self.bare(Self.stem(Self.name($0))) })
        for path in code where Self.mayChange(path) && !source.contains(path) {
            let stem = Self.stem(Self.name(path))
            if stems.contains(Self.bare(stem)) || identifiers.contains(Substring(stem)) { source.append(path) }
        }
        var bytes = limits.bytes
        func fits(_ path: String) -> Bool {
            let size = state.files[path]?.bytes.count ?? 0
            guard size <= bytes, state.text(path) != nil else { return false }
            bytes -= size
            return true
        }
        self.source = source.prefix(limits.files).filter(fits)
        tests = namedTests.prefix(limits.files).filter(fits)
    }

    private static func mayChange(_ path: String) -> Bool {
        !RepositoryPaths.isTest(path) && !RepositoryPaths.runsTests(path)
    }

    private static func words(_ text: String, _ isBetween: (Character) -> Bool) -> Set<Substring> {
        Set(
            text.split(whereSeparator: isBetween).map { word in
                var word = word
                while word.last == "." { word.removeLast() }
                return word.hasPrefix("./") ? word.dropFirst(2) : word
            })
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private static func stem(_ path: String) -> String {
        guard let dot = path.lastIndex(of: "."), dot != path.startIndex else { return path }
        return String(path[..<dot])
    }

    /// A file's name without what says that it is a test.
    private static func bare(_ stem: String) -> String {
        var text = stem.lowercased()
        for word in ["test_", "tests_"] where text.hasPrefix(word) { text = String(text.dropFirst(word.count)) }
        for word in ["_test", "_tests", ".test", ".spec", "_spec", "tests", "test"]
        where text.hasSuffix(word) && text.count > word.count {
            text = String(text.dropLast(word.count))
        }
        return text
    }
}
