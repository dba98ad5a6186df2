import Evaluation
import Foundation

/// Files of results and, beside each, what its run was of.
enum EvaluationFiles {
    /// Of `results.jsonl` the path `results.json`.
    static func descriptionPath(_ results: String) -> String {
        results.hasSuffix(".jsonl") ? String(results.dropLast()) : results + ".json"
    }

    static func write(_ description: RunDescription, besides results: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let path = descriptionPath(results)
        do { try encoder.encode(description).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw EvaluationFileError.unwritable(path)
        }
    }

    /// - Parameter path: of a file of results.
    static func run(_ path: String) throws -> EvaluationRun {
        var results: [TaskResult] = []
        for (index, line) in try readFile(path).split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let result = try? JSONDecoder().decode(TaskResult.self, from: Data(line)) else {
                throw EvaluationFileError.noResult(path, line: index + 1)
            }
            results.append(result)
        }
        guard !results.isEmpty else { throw EvaluationFileError.empty(path) }
        guard let description = description(besides: path) else {
            throw EvaluationFileError.undescribed(path, beside: descriptionPath(path))
        }
        return EvaluationRun(description, results)
    }

    /// - Returns: nil where there is none, or it is damaged.
    static func description(besides results: String) -> RunDescription? {
        let text = try? Data(contentsOf: URL(fileURLWithPath: descriptionPath(results)))
        return text.flatMap { try? JSONDecoder().decode(RunDescription.self, from: $0) }
    }
}

/// What is wrong with a file of results.
enum EvaluationFileError: Error, Equatable, CustomStringConvertible {
    case unwritable(String)
    case noResult(String, line: Int)
    case empty(String)
    case undescribed(String, beside: String)
    case otherRun(String)

    var description: String {
        switch self {
        case .unwritable(let path): "\(path) cannot be written. Is the disk full, or the folder read-only?"
        case .noResult(let path, let line):
            "line \(line) of \(path) is no result. Files of results are what 'martlet eval run' writes."
        case .otherRun(let path):
            """
            \(path) has results of other data, another prompt or other --stop texts. Give another folder with --results, \
            or move that file away.
            """
        case .empty(let path): "\(path) has no results yet."
        case .undescribed(let path, let beside):
            "\(beside), which says what \(path) is of, is missing or damaged. 'martlet eval run' writes it again."
        }
    }
}
