/// An answer or a piece of one: whose it is, what it adds, and the counts where they are known.
package struct AnswerPart<Choice: AnswerChoice>: Encodable, Sendable {
    var identity: AnswerIdentity
    var choices: [Choice] = []
    var usage: Usage?

    private enum CodingKeys: CodingKey { case id, object, created, model, choices, usage }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(identity.id, forKey: .id)
        try container.encode(Choice.object, forKey: .object)
        try container.encode(identity.created, forKey: .created)
        try container.encode(identity.model, forKey: .model)
        try container.encode(choices, forKey: .choices)
        try container.encodeIfPresent(usage, forKey: .usage)
    }
}

/// What an `AnswerPart` adds to an answer.
package protocol AnswerChoice: Encodable, Sendable {
    /// The kind of object that OpenAI calls the whole part.
    static var object: String { get }
}
