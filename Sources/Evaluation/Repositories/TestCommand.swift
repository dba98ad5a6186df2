/// How a command that runs tests is run.
enum TestCommand {
    /// As it is: its exit status and what it prints tell.
    case any
    /// Python's unittest or pytest, by python_tests.py: which tests passed is told by a process that they cannot reach.
    case python(interpreter: String, runner: String, arguments: [String], isModule: Bool)

    init(_ words: [String]) {
        let program = words.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? ""
        if program.wholeMatch(of: /python[0-9.]*/) != nil, words.count > 2, words[1] == "-m",
            ["unittest", "pytest"].contains(words[2])
        {
            self = .python(
                interpreter: words[0], runner: words[2], arguments: Array(words.dropFirst(3)), isModule: true)
        } else if ["pytest", "py.test"].contains(program) {
            self = .python(
                interpreter: "python3", runner: "pytest", arguments: Array(words.dropFirst()), isModule: false)
        } else {
            self = .any
        }
    }
}
