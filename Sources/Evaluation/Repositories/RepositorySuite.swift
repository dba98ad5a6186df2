internal import Foundation

/// A suite file: JSON Lines, a task a line.
package enum RepositorySuite {
    /// - Parameter path: of the file, for what is wrong with it.
    package static func tasks(lines: [UInt8], path: String) throws(RepositoryError) -> [RepositoryTask] {
        var tasks: [RepositoryTask] = []
        for (index, line) in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == 32 || $0 == 13 }) { continue }
            guard let task = try? JSONDecoder().decode(RepositoryTask.self, from: Data(line)),
                !task.command.isEmpty, !tasks.contains(where: { $0.id == task.id })
            else { throw .damaged(path: path, line: index + 1) }
            tasks.append(task)
        }
        return tasks
    }

    /// The file of some tasks.
    package static func lines(_ tasks: [RepositoryTask]) -> [UInt8] {
        tasks.flatMap { JSONLine.bytes($0) + [UInt8(ascii: "\n")] }
    }
}
