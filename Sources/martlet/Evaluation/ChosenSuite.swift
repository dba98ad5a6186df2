import Evaluation
import Foundation
import ModelFiles
import Settings
import Workspaces

/// What `eval run` asks: a suite that martlet knows, or a file of the user's own tasks.
struct ChosenSuite {
    let name: String
    let prompt: SuitePrompt?
    let licence: String?
    let dataHash: String?
    private let makeTasks: (Bool) throws -> [SuiteTask]

    /// - Parameters:
    ///   - name: of a known suite, or the path of a file that `eval init` made.
    ///   - data: the path of the data set; nil to have it fetched.
    ///   - mutation: changes its problems; those that it cannot change are left out.
    init(
        _ name: String, data: String?, mutation: ProblemMutation?, folders: StandardFolders, tests: OwnTestOptions
    ) async throws {
        if FileManager.default.fileExists(atPath: name) {
            let file = try SuiteData(path: name)
            let tasks = try RepositorySuite.tasks(lines: file.lines, path: name)
            let grader = RepositoryGrader(try await tests.tests(Sandbox()))
            self.name = URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
            prompt = RepositoryTask.prompt
            licence = nil
            dataHash = file.hash.hexadecimal
            makeTasks = { _ in try tasks.map { try $0.suiteTask(grader: grader) } }
            return
        }
        let entry = try SuiteEntry(named: name)
        self.name = entry.name + (mutation.map { "-mutated\($0.seed)" } ?? "")
        prompt = entry.prompt
        licence = entry.licence
        let form: DataSetForm
        switch entry.kind {
        case .exercism(let language):
            guard let data else { throw SuiteDataError.notToBePulled(entry) }
            guard mutation == nil else { throw ChosenSuiteError.notToBeMutated(entry.name) }
            let track = try ExercismTrack(folder: data, language)
            for (slug, reason) in track.skipped { try TextOutput.notes.print("left out \(slug): it \(reason)") }
            let grader = RepositoryGrader(try await tests.tests(Sandbox()))
            dataHash = nil
            makeTasks = { _ in track.tasks(grader) }
            return
        case .dataSet(let found): form = found
        }
        let file: SuiteData
        if let data { file = try SuiteData(path: data) } else { file = try await SuiteData(entry, folders) }
        let sandbox = try await Sandbox()
        dataHash = file.hash.hexadecimal
        if let mutation {
            guard case .humanEval = form else { throw ChosenSuiteError.notToBeMutated(entry.name) }
            let suite = try HumanEval(lines: file.lines)
            let changed = HumanEval(problems: suite.problems.compactMap { mutation.mutated($0)?.problem })
            makeTasks = { changed.tasks(FunctionGrader(sandbox), prefilled: $0) }
        } else {
            makeTasks = { try form.tasks(file.lines, sandbox, prefilled: $0) }
        }
        // Before any model is loaded: is it the data set of this suite?
        _ = try makeTasks(true)
    }

    func tasks(prefilled: Bool) throws -> [SuiteTask] { try makeTasks(prefilled) }
}

/// Why a suite cannot be asked so.
enum ChosenSuiteError: Error, CustomStringConvertible {
    case notToBeMutated(String)

    var description: String {
        switch self {
        case .notToBeMutated(let suite):
            "--mutate goes with humaneval and humaneval+; the problems of \(suite) have another form."
        }
    }
}
