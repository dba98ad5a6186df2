extension RunReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case figures, licence, prompt
        case samplesPerTask = "k"
        case allPass = "pass^k"
        case onePasses = "pass@k"
        case tokensPerSecond = "tokens_per_second"
        case secondsPerTask = "seconds_per_task"
        case costPerTask = "cost_per_task"
        case dataHash = "data_sha256"
    }

    private enum PromptKeys: String, CodingKey {
        case version, source, system, user, stops
        case answerBegins = "answer_begins"
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(figures, forKey: .figures)
        try object.encodeIfPresent(samplesPerTask, forKey: .samplesPerTask)
        try object.encodeIfPresent(allPass, forKey: .allPass)
        try object.encodeIfPresent(onePasses, forKey: .onePasses)
        try object.encodeIfPresent(tokensPerSecond, forKey: .tokensPerSecond)
        try object.encodeIfPresent(secondsPerTask, forKey: .secondsPerTask)
        try object.encodeIfPresent(costPerTask, forKey: .costPerTask)
        try object.encodeIfPresent(run.dataHash, forKey: .dataHash)
        try object.encodeIfPresent(run.licence, forKey: .licence)
        guard let prompt = run.prompt else { return }
        var words = object.nestedContainer(keyedBy: PromptKeys.self, forKey: .prompt)
        try words.encode(prompt.version, forKey: .version)
        try words.encode(prompt.source, forKey: .source)
        try words.encodeIfPresent(prompt.system, forKey: .system)
        try words.encode(prompt.user, forKey: .user)
        try words.encode(prompt.answerBegins, forKey: .answerBegins)
        try words.encode(prompt.stops, forKey: .stops)
    }
}
