import Foundation

/// Makes tasks out of a repository's history.
package struct TaskMaker {
    /// Tasks for each repository.
    package var count: Int
    /// Of the last commits, so many are looked at.
    package var commits = 3000
    package var form = TaskRules.Form.full

    package init(count: Int, form: TaskRules.Form) {
        self.count = count
        self.form = form
    }

    /// The same tasks whenever a history is the same: chosen by a generator with a fixed seed.
    /// - Parameters:
    ///   - clone: a folder for the trees; made where it is not there.
    package func tasks(of history: CommitHistory, clone: String) throws -> [LocalizationTask] {
        try history.clone(into: clone)
        var candidates: [(commit: Commit, files: [String])] = []
        for commit in try history.commits(commits) {
            if let files = TaskRules.files(of: commit) { candidates.append((commit, files)) }
        }
        var generator = SeededGenerator(state: 1)
        candidates.shuffle(using: &generator)
        return try candidates.prefix(count).compactMap { commit, files in
            guard let question = TaskRules.question(commit.message, form: form) else { return nil }
            try CommitHistory.checkOut(commit.parent, in: clone)
            var functions: [LocalizationTask.Function] = []
            for path in files {
                let all = try FunctionList.functions(of: [path], in: clone)
                functions += FunctionList.around(try history.changedLines(commit, path: path), in: all)
            }
            return LocalizationTask(
                repository: URL(fileURLWithPath: clone).lastPathComponent, commit: commit.hash, parent: commit.parent,
                question: question, files: files, functions: functions)
        }
    }
}

/// SplitMix64.
/// - SeeAlso: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
