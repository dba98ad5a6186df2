internal import Foundation

/// A suite file: JSON Lines, a task a line.
package enum RepositorySuite {
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

    package static func lines(_ tasks: [RepositoryTask]) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        for task in tasks {
            bytes += try encoder.encode(task)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
