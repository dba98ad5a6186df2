import Chat
import Grammars
import JSON

/// The grammar that an answer has to follow, as a request words it.
enum AnswerGrammar {
    private static let spacing = JSONSpacing.separators

    /// The grammar for the answer of a conversation; nil where its text is free.
    ///
    /// - Parameter opensInThinking: the prompt ends within a thought.
    static func request(
        _ options: ResponseOptions, _ template: PromptTemplate, opensInThinking: Bool
    ) -> GrammarRequest? {
        let format = template.format
        let text = source(options.format)
        let tools = options.shownTools
        let isRequired = options.mustCall
        // Another model would take the tag for the one way to begin with words.
        let mayThink = opensInThinking || template.knowsThoughts
        let thought = mayThink ? format.thought(opensInThinking: opensInThinking) : nil
        let needsText = text != nil
        if !tools.isEmpty,
            let (syntax, activation) = format.callGrammar(
                // Beside a text that is bound, calls are bound, too.
                isRequired: isRequired || needsText, repeats: options.callsInParallel)
        {
            let signatures = tools.map { ToolSignature(name: $0.name, parameters: $0.schemaText) }
            return GrammarRequest(
                .toolCall(signatures, syntax, spacing), activation: activation, alternative: isRequired ? nil : text,
                textOpening: format.textOpening, thought: thought)
        }
        return text.map { GrammarRequest($0, textOpening: format.textOpening, thought: thought) }
    }

    /// The same for the continuation of a text.
    static func request(_ format: ResponseFormat) -> GrammarRequest? {
        source(format).map { GrammarRequest($0) }
    }

    private static func source(_ format: ResponseFormat) -> GrammarSource? {
        switch format {
        case .text: nil
        case .jsonObject: .jsonObject(spacing)
        case .jsonSchema(let schema): .jsonSchema(schema, spacing)
        case .grammar(let text): .gbnf(text)
        case .regularExpression(let text): .regularExpression(text)
        case .choice(let texts): .choice(texts)
        }
    }
}

extension ResponseOptions {
    /// Whether the answer has to be calls.
    var mustCall: Bool {
        switch toolChoice {
        case .auto, .none: false
        case .required, .named: !shownTools.isEmpty
        }
    }
}

extension ToolDefinition {
    /// The schema of the arguments as JSON text; one without any is of an object without properties.
    fileprivate var schemaText: String {
        parameters.object == nil ? #"{"type":"object","properties":{}}"# : parameters.text
    }
}
