import Foundation
import SideBySide

/// What a ranker answers to one task, the best first.
package struct Ranking: Codable, Hashable, Sendable {
    /// Paths of files.
    package var files: [String]
    package var functions: [Place] = []

    package struct Place: Codable, Hashable, Sendable {
        package var path: String
        package var line: Int
        package var name: String
    }
}

/// Something that finds files for a question.
package protocol Ranker: Sendable {
    var name: String { get }
    /// One ranking a task. Checks the tasks' trees out as it needs them.
    /// - Parameter clones: the folder that holds a clone for each repository.
    func rankings(of tasks: [LocalizationTask], clones: String, progress: (Int) -> Void) throws -> [Ranking]
}

/// `martlet search`.
package struct MartletRanker: Ranker {
    package let name: String
    private let binary: String
    private let options: [String]

    /// - Parameter options: more arguments of `martlet search`.
    package init(name: String = "martlet", binary: String, options: [String] = []) {
        self.name = name
        self.binary = binary
        self.options = options
    }

    private struct Hit: Decodable {
        var path: String
        var line: Int
        var symbol: String?
        var kind: String?
    }

    package func rankings(
        of tasks: [LocalizationTask], clones: String, progress: (Int) -> Void
    ) throws -> [Ranking] {
        try tasks.enumerated().map { index, task in
            progress(index)
            let folder = clones + "/" + task.repository
            try CommitHistory.checkOut(task.parent, in: folder)
            let functions = try search(task.question, in: folder, ["--limit", "60"]).compactMap { hit in
                ["function", "method", "constructor", "macro"].contains(hit.kind ?? "")
                    ? Ranking.Place(path: hit.path, line: hit.line, name: hit.symbol ?? "") : nil
            }
            let files = try search(task.question, in: folder, ["--files", "--limit", "20"]).map(\.path)
            return Ranking(files: files, functions: functions)
        }
    }

    private func search(_ question: String, in folder: String, _ arguments: [String]) throws -> [Hit] {
        let arguments = ["search", "--json", "--repo", folder] + arguments + options + ["--", question]
        do {
            let output = try Command(binary, arguments).run().standardOutput
            return try JSONDecoder().decode([Hit].self, from: output)
        } catch CommandError.failed(_, _, status: 1, _) {
            // Nothing found.
            return []
        }
    }
}

/// A program that reads tasks as lines of JSON and prints one ranking a line. Like the baseline it is told which files can be
/// meant: others are taken out of its answers.
package struct ScriptRanker: Ranker {
    package let name: String
    private let program: String
    private let arguments: [String]

    package init(name: String, program: String, arguments: [String]) {
        self.name = name
        self.program = program
        self.arguments = arguments
    }

    package func rankings(
        of tasks: [LocalizationTask], clones: String, progress: (Int) -> Void
    ) throws -> [Ranking] {
        let encoder = JSONEncoder()
        let file = FileManager.default.temporaryDirectory.appending(path: "tasks-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(tasks.map { try encoder.encode($0) }.joined(separator: Data("\n".utf8))).write(to: file)
        progress(0)
        let command = Command(program, arguments + [clones, file.path], timeoutSeconds: 4 * 3600)
        let lines = try command.run().standardOutput.split(separator: UInt8(ascii: "\n"))
        guard lines.count == tasks.count else {
            throw CommandError.unreadable(
                program: program, wanted: "\(tasks.count) rankings", got: "\(lines.count) lines")
        }
        return try lines.map { line in
            let files = try JSONDecoder().decode([String].self, from: line)
            return Ranking(
                files: Array(files.filter { TaskRules.isSource($0) && !TaskRules.isTestOrExample($0) }.prefix(20)))
        }
    }
}
