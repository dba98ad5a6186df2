import TestSupport

/// A repository, and a cache for its index, of a test's own. Called, it runs martlet in it.
struct TestedRepository {
    let folder: TemporaryFolder
    let cache: TemporaryFolder
    /// For every run.
    private let environment: [String: String]

    /// - Parameter files: texts by path.
    init(_ files: KeyValuePairs<String, String> = [:], environment: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        cache = try TemporaryFolder()
        self.environment = ["XDG_CACHE_HOME": cache.path, "NO_COLOR": "1"].merging(environment) { $1 }
        for (path, text) in files { try folder.write(text, to: path) }
    }

    /// - Parameter other: a folder to run in instead.
    func callAsFunction(
        _ arguments: String..., environment: [String: String] = [:], in other: TemporaryFolder? = nil
    ) async throws -> CommandRun {
        try await run(arguments, environment: environment, in: other)
    }

    func run(
        _ arguments: [String], environment: [String: String] = [:], in other: TemporaryFolder? = nil
    ) async throws -> CommandRun {
        try await CommandRun.run(
            Repository.martlet, arguments, environment: self.environment.merging(environment) { $1 },
            folder: (other ?? folder).path)
    }
}
