/// What a commit's message asks for, and where its author found it to be.
package struct LocalizationTask: Codable, Hashable, Sendable {
    /// The name of the repository's folder.
    package var repository: String
    package var commit: String
    /// The tree that is searched.
    package var parent: String
    package var question: String
    /// Source files that the commit changed.
    package var files: [String]
    /// Functions around what it changed.
    package var functions: [Function]

    /// A function in the searched tree.
    package struct Function: Codable, Hashable, Sendable {
        package var path: String
        package var name: String
        package var lines: ClosedRange<Int>
    }

    package init(
        repository: String, commit: String, parent: String, question: String, files: [String], functions: [Function]
    ) {
        self.repository = repository
        self.commit = commit
        self.parent = parent
        self.question = question
        self.files = files
        self.functions = functions
    }
}

/// Which commits make a task, and what of them.
package enum TaskRules {
    /// Source files that a commit changed, without new ones; nil when it makes no task: merges are left out before, bots,
    /// releases and commits of many files here.
    package static func files(of commit: Commit) -> [String]? {
        guard !commit.author.lowercased().contains("bot"), commit.changes.count <= 15 else { return nil }
        let sources = commit.changes.filter { isSource($0.newPath) && !isTestOrExample($0.newPath) }
        guard (1...5).contains(sources.count) else { return nil }
        let old = sources.filter { !$0.status.hasPrefix("A") }.map(\.path)
        guard !old.isEmpty, let question = question(commit.message, form: .full) else { return nil }
        return isChore(question) ? nil : old
    }

    private static func isChore(_ question: String) -> Bool {
        question.firstMatch(
            of: #/^(bump|release|version|update changelog|merge|revert|prepare|lint|format|typo|black)/#.ignoresCase()
        ) != nil
    }

    /// How much of a message is asked.
    package enum Form: String, CaseIterable, Sendable {
        /// Subject and body.
        case full
        case subject
        /// Subject and body without paths and names that are written as code is.
        case hard
    }

    /// The question of a message: without trailers, links, numbers of issues and hashes. Nil when fewer than four words are
    /// left.
    package static func question(_ message: String, form: Form) -> String? {
        var text = message.replacing(
            #/^(co-authored-by|signed-off-by|reviewed-by|cc|fixes|closes|pr-url|change-id).*$/#.ignoresCase()
                .anchorsMatchLineEndings(), with: "")
        text = text.replacing(#/https?:\/\/\S+|\(?#\d+\)?|\b[0-9a-f]{12,40}\b/#, with: " ")
        text = trimmed(text)
        switch form {
        case .full: break
        case .subject: text = text.split(separator: "\n").first.map(String.init) ?? ""
        case .hard:
            // In backquotes; with dots, slashes, underscores or capitals within; before a parenthesis.
            text = text.replacing(#/`[^`\n]*`|\S*\w[._\/:]\w\S*|\b[A-Za-z]+[a-z][A-Z]\w*|\b\w+\(\S*/#, with: " ")
            text = trimmed(text)
        }
        return text.split(whereSeparator: \.isWhitespace).count < 4 ? nil : text
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    package static func isSource(_ path: String) -> Bool {
        path.firstMatch(of: #/\.(py|go|rs|js|ts|tsx|java|kt|c|h|cc|cpp|rb|php|cs|swift|scala)$/#) != nil
    }

    package static func isTestOrExample(_ path: String) -> Bool {
        path.firstMatch(
            of: #/(^|\/)(tests?|testing|testdata|docs?|examples?|benchmarks?|sandbox|__tests__|spec|fixtures)\//#
                .ignoresCase()) != nil
            || path.firstMatch(
                of: #/(^|\/)test_|_test\.|\.test\.|\.spec\.|conftest|Test\.(java|kt)$|\/\w+Test\//#) != nil
    }
}
