internal import Foundation

/// What a model is told beside the task; repository_prompt.json has it.
struct RepositoryWords: Decodable {
    var files: String
    var newFiles: String
    var otherFiles: String
    var failed: String
    var notApplied: String

    static let own: Self = {
        // A file of our own that does not decode is a bug of ours.
        guard let words = try? JSONDecoder().decode(Self.self, from: Data(PackageResources.repository_prompt_json))
        else {
            preconditionFailure("the words of a repository's tasks cannot be read")
        }
        return words
    }()

    func failed(_ output: String) -> String {
        let shown = output.isEmpty ? "(nothing)" : output
        let fence = ForeignText.fence(around: shown)
        return failed.replacing("{output}", with: "\(fence)\n\(shown)\n\(fence)")
    }

    func notApplied(_ reason: String) -> String { notApplied.replacing("{reason}", with: reason) }

    /// What is to be done, and the files.
    func task(_ task: RepositoryTask, _ state: RepositoryState) -> String {
        var parts = [task.message]
        let there = task.files.filter { state.files[$0] != nil }
        if !there.isEmpty { parts.append(files + Self.listing(there, state)) }
        let new = task.files.filter { state.files[$0] == nil }
        if !new.isEmpty { parts.append(newFiles + "\n" + new.map { "\n" + $0 }.joined()) }
        if let context = task.context, !context.isEmpty { parts.append(otherFiles + Self.listing(context, state)) }
        return parts.joined(separator: "\n\n")
    }

    private static func listing(_ paths: [String], _ state: RepositoryState) -> String {
        paths.map { path in
            let text = state.text(path) ?? ""
            let fence = ForeignText.fence(around: text)
            let end = text.isEmpty || text.utf8.last == 10 ? "" : "\n"
            return "\n\n\(path)\n\(fence)\n\(text)\(end)\(fence)"
        }.joined()
    }
}
