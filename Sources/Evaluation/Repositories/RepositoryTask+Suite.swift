extension RepositoryTask {
    /// What models are asked.
    package static let prompt = SuitePrompt(file: PackageResources.repository_prompt_json)

    /// The task as it is asked of a model that answers with edits: twice, the second time with what the tests printed.
    package func suiteTask(grader: RepositoryGrader) throws(RepositoryError) -> SuiteTask {
        let base = try GitRepository(path: repository).state(at: base)
        let words = RepositoryWords.own.task(self, base)
        let name = repository.split(separator: "/").last.map(String.init) ?? "repository"
        return SuiteTask(
            id: id, domain: name, request: Self.prompt.request(words, prefilled: false),
            stops: Self.prompt.stops, maxTokens: 4096, attempts: 2,
            grade: { answer in try await grader.verdict(answer, of: self) })
    }
}
