extension RepositoryTask {
    /// What models are asked.
    package static let prompt = SuitePrompt(file: PackageResources.repository_prompt_json)

    /// The task as it is asked of a model that answers with edits: twice, the second time with what the tests printed.
    package func suiteTask(grader: RepositoryGrader) throws(RepositoryError) -> SuiteTask {
        let base = try GitRepository(path: repository).state(at: base)
        let name = repository.split(separator: "/").last.map(String.init) ?? "repository"
        return suiteTask(in: base, domain: name) { answer in try await grader.verdict(answer, of: self) }
    }

    /// - Parameter base: the files that it begins with.
    func suiteTask(
        in base: RepositoryState, domain: String, grade: @escaping @Sendable (String) async throws -> Verdict
    ) -> SuiteTask {
        SuiteTask(
            id: id, domain: domain,
            request: Self.prompt.request(RepositoryWords.own.task(self, base), prefilled: false),
            stops: Self.prompt.stops, maxTokens: 4096, attempts: 2, grade: grade)
    }
}
