internal import Foundation

/// Exercises of a language, as Exercism's tracks have them: instructions, the beginning of a solution, tests, and a solution
/// that passes them. A model answers with files, and has a second attempt with what the tests printed.
/// - SeeAlso: exercism.org, "Anatomy of a practice exercise".
package struct ExercismTrack: Sendable {
    /// A language whose tests run without a network.
    package enum Language: String, CaseIterable, Hashable, Sendable {
        case python, go, rust, ruby

        /// As reports call its exercises.
        package var title: String {
            switch self {
            case .python: "Python exercises"
            case .go: "Go exercises"
            case .rust: "Rust exercises"
            case .ruby: "Ruby exercises"
            }
        }

        /// - Parameter tests: paths of files.
        func command(_ tests: [String]) -> [String] {
            switch self {
            case .python: ["python3", "-m", "unittest"] + tests
            case .go: ["go", "test", "-v"]
            case .rust: ["cargo", "test", "--offline", "--", "--include-ignored"]
            case .ruby: ["ruby", "-I", "."] + tests
            }
        }
    }

    struct Exercise: Sendable {
        /// Without a repository: its files are `state`.
        var task: RepositoryTask
        var state: RepositoryState
        /// The solution that is known to pass, by the paths of the files that it stands for.
        var example: [String: String]
    }

    package let language: Language
    let exercises: [Exercise]
    /// Exercises that a model cannot be asked, and why.
    package let skipped: [(slug: String, reason: String)]

    private struct Config: Decodable {
        struct Files: Decodable {
            var solution: [String]
            var test: [String]
            var example: [String]?
            var exemplar: [String]?
        }

        var files: Files
    }

    /// - Parameter folder: a copy of a track, such as github.com/exercism/python.
    package init(folder: String, _ language: Language) throws(SuiteError) {
        self.language = language
        let practice = folder + "/exercises/practice"
        guard let slugs = try? FileManager.default.contentsOfDirectory(atPath: practice).sorted() else {
            throw .noTrack(folder: folder)
        }
        var exercises: [Exercise] = []
        var skipped: [(slug: String, reason: String)] = []
        for slug in slugs where !slug.hasPrefix(".") {
            switch Self.exercise(practice + "/" + slug, slug, language) {
            case .success(let exercise): exercises.append(exercise)
            case .failure(let fault): skipped.append((slug, fault.reason))
            }
        }
        guard !exercises.isEmpty else { throw .noTrack(folder: folder) }
        self.exercises = exercises
        self.skipped = skipped
    }

    private struct Fault: Error {
        var reason: String
    }

    private static func exercise(_ folder: String, _ slug: String, _ language: Language) -> Result<Exercise, Fault> {
        func text(_ path: String) -> String? { try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8) }
        guard let json = text(".meta/config.json"),
            let files = try? JSONDecoder().decode(Config.self, from: Data(json.utf8)).files
        else { return .failure(Fault(reason: "has no .meta/config.json")) }
        let parts = ["introduction.md", "instructions.md", "instructions.append.md"].compactMap { text(".docs/" + $0) }
        guard !parts.isEmpty else { return .failure(Fault(reason: "has no instructions")) }
        let examples = (files.example ?? files.exemplar ?? []).filter { !$0.hasSuffix(".md") }
        let solutions = files.solution.filter { !$0.hasSuffix(".toml") && !$0.hasSuffix(".mod") }
        guard !solutions.isEmpty, !files.test.isEmpty, examples.count == solutions.count else {
            return .failure(Fault(reason: "has \(solutions.count) files to be written and \(examples.count) examples"))
        }
        var state = RepositoryState()
        var (tests, example): ([String: String], [String: String]) = ([:], [:])
        for path in paths(in: folder) where !path.hasPrefix(".") {
            if let text = text(path) { state.put([path: text]) }
        }
        for path in files.test { tests[path] = text(path) }
        for (path, known) in zip(solutions, examples) {
            guard let known = text(known) else { return .failure(Fault(reason: "lacks its example \(known)")) }
            example[path] = known
        }
        let task = RepositoryTask(
            id: slug, message: parts.joined(separator: "\n\n"), repository: "", base: "",
            command: language.command(files.test.sorted()), files: solutions, tests: tests,
            protected: files.test.sorted())
        return .success(Exercise(task: task, state: state, example: example))
    }

    /// All files below a folder, by their paths from there.
    private static func paths(in folder: String) -> [String] {
        guard let found = FileManager.default.enumerator(atPath: folder) else { return [] }
        return found.compactMap { $0 as? String }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }
}

extension ExercismTrack {
    /// What models are asked.
    package static var prompt: SuitePrompt { RepositoryTask.prompt }

    /// All exercises as tasks, in the order of their names.
    package func tasks(_ grader: RepositoryGrader) -> [SuiteTask] {
        exercises.map { exercise in
            let reference = ExerciseReference(exercise, grader)
            return exercise.task.suiteTask(in: exercise.state, domain: language.title) { answer in
                try await grader.verdict(answer, of: try await reference.task(), base: exercise.state)
            }
        }
    }
}

/// The tests that an exercise's own solution passes, found out once.
private actor ExerciseReference {
    private let exercise: ExercismTrack.Exercise
    private let grader: RepositoryGrader
    private var found: Task<RepositoryTask, any Error>?

    init(_ exercise: ExercismTrack.Exercise, _ grader: RepositoryGrader) {
        self.exercise = exercise
        self.grader = grader
    }

    func task() async throws -> RepositoryTask {
        if let found { return try await found.value }
        let search = Task { [exercise, grader] in
            var state = exercise.state
            state.put(exercise.example)
            let run = try await grader.run(exercise.task, state)
            if let failure = run.failure(mustPass: []) {
                throw SuiteError.brokenExercise(exercise.task.id, reason: failure)
            }
            var task = exercise.task
            task.mustPass = run.passed.sorted()
            return task
        }
        found = search
        return try await search.value
    }
}
