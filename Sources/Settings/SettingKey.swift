/// Every setting that a file, the environment or a flag can give, by its name in `martlet.json`.
///
/// This table is the one source of names, kinds, defaults and descriptions: the file reader, the environment reader,
/// `martlet config show`, the JSON schema and the documents follow it.
package enum SettingKey: String, CaseIterable, Sendable {
    case model
    case models
    case grammars
    case threads
    case context
    case kv
    case drafts
    case speculation
    case draftModel
    case maxTokens
    case system
    case temperature
    case topK
    case topP
    case minP
    case typicalP
    case repetitionPenalty
    case frequencyPenalty
    case presencePenalty
    case penaltyWindow
    case dryMultiplier
    case dryBase
    case dryAllowedLength
    case dryWindow
    case seed
    case searchVectors
    case preciseServers
    case preciseTimeout
    case preciseMemory

    /// The environment variable that sets it: `MARTLET_TOP_K` for `topK`.
    package var environmentName: String {
        var name = "MARTLET_"
        for character in rawValue {
            if character.isUppercase { name.append("_") }
            name.append(character.uppercased())
        }
        return name
    }

    /// It names programs to start or libraries to load, which a repository that somebody else wrote must not do.
    package var isForUsersOnly: Bool { self == .preciseServers || self == .grammars }

    /// What values it takes.
    package var kind: SettingKind {
        switch self {
        case .model, .draftModel, .system, .searchVectors, .preciseServers: .text
        case .models, .grammars: .path
        case .threads: .integer(1...1024)
        case .context: .integer(16...(1 << 24))
        case .kv: .choice(["f16", "q8_0", "f32"])
        case .drafts: .integer(0...8)
        case .speculation: .choice(["lookup", "off"])
        case .maxTokens: .integer(1...(1 << 24))
        case .temperature: .number(0...5)
        case .topK: .integer(0...(1 << 20))
        case .topP, .typicalP: .number(0.0001...1)
        case .minP: .number(0...1)
        case .repetitionPenalty: .number(0.01...10)
        case .frequencyPenalty, .presencePenalty: .number(-100...100)
        case .penaltyWindow, .dryWindow: .integer(-1...(1 << 24))
        case .dryMultiplier: .number(0...100)
        case .dryBase: .number(1...100)
        case .dryAllowedLength: .integer(0...(1 << 20))
        case .seed: .integer(0...Int.max)
        case .preciseTimeout: .integer(1...86400)
        case .preciseMemory: .number(0.01...4096)
        }
    }

    /// The value when nobody gives one; nil where it depends on the machine, the model or chance.
    package var defaultValue: SettingValue? {
        switch self {
        case .model: .text("qwen2.5-coder:1.5b")
        case .kv: .text("f16")
        case .drafts: .integer(2)
        case .speculation: .text("lookup")
        case .temperature: .number(0.7)
        case .topK: .integer(20)
        case .topP: .number(0.8)
        case .minP: .number(0)
        case .typicalP: .number(1)
        case .repetitionPenalty: .number(1)
        case .frequencyPenalty, .presencePenalty: .number(0)
        case .penaltyWindow: .integer(64)
        case .dryMultiplier: .number(0)
        case .dryBase: .number(1.75)
        case .dryAllowedLength: .integer(2)
        case .dryWindow: .integer(-1)
        case .searchVectors: .text("wordllama")
        case .preciseTimeout: .integer(60)
        case .preciseMemory: .number(4)
        case .models, .grammars, .threads, .context, .draftModel, .maxTokens, .system, .seed, .preciseServers: nil
        }
    }

    /// What the default is, in words, where `defaultValue` is nil.
    package var automaticValue: String {
        switch self {
        case .models: "~/.local/share/martlet/models"
        case .grammars: "~/.local/share/martlet/grammars"
        case .threads: "the cores that this process may use"
        case .context: "the model's own, or what fits in memory"
        case .draftModel: "none"
        case .maxTokens: "until the model stops or the context is full"
        case .system: "the model's own"
        case .seed: "a new one each time"
        case .preciseServers: "those that are known and on this machine"
        default: ""
        }
    }

    /// One sentence for the schema and the documents.
    package var summary: String {
        switch self {
        case .model: "Model to use when none is named: a catalogue name, or the path of a GGUF file."
        case .models: "Folder that downloaded models are kept in."
        case .grammars:
            "Folder that the grammars of programming languages are kept in. Not in a project's file: they are libraries to load."
        case .threads: "Threads that compute."
        case .context: "Tokens of context to hold, prompt and answer together."
        case .kv: "Element type of the key-value cache; q8_0 takes about half the memory of f16, f32 twice."
        case .drafts: "Tokens that a model with a head for further ones may guess ahead and check; 0 for none."
        case .speculation:
            "Where drafts of coming tokens are taken from, for the model to check: lookup, text that occurred before; or off."
        case .draftModel:
            "A smaller model of the same vocabulary that guesses coming tokens, for the model to check: a name or a path."
        case .maxTokens: "Most tokens of one answer."
        case .system: "System message that a chat starts with."
        case .temperature: "Sampling temperature; 0 always takes the likeliest token."
        case .topK: "Sample among this many of the likeliest tokens; 0 for all."
        case .topP: "Sample among the likeliest tokens that together have this probability; 1 for all."
        case .minP: "Drop tokens less likely than this share of the likeliest; 0 drops none."
        case .typicalP:
            "Sample among the tokens whose surprise is nearest to the expected one, up to this probability; 1 for all."
        case .repetitionPenalty: "Divides the score of tokens that occurred lately; 1 changes nothing."
        case .frequencyPenalty: "Taken from the score of a token for each time that it occurred lately."
        case .presencePenalty: "Taken once from the score of tokens that occurred lately."
        case .penaltyWindow: "Tokens that the three penalties look back at; -1 for all."
        case .dryMultiplier: "Strength of DRY, which makes longer repetitions less likely; 0 is off."
        case .dryBase: "Growth of DRY's penalty with each repeated token."
        case .dryAllowedLength: "Repeated tokens that DRY lets pass."
        case .dryWindow: "Tokens that DRY searches for repetitions; -1 for all."
        case .seed: "Seed of the random numbers: the same seed gives the same text."
        case .searchVectors:
            "Word vectors that search finds other words of the same meaning by: a pulled model's name, never a path; none for words alone."
        case .preciseServers:
            "Language servers for --precise, before those that are known: python=pyright-langserver --stdio; go=off. Not in a project's file: it names programs."
        case .preciseTimeout: "Seconds that language servers may take for an answer with --precise."
        case .preciseMemory: "GB of memory that a language server may hold; one that holds more is ended."
        }
    }
}

/// The values that a setting takes.
package enum SettingKind: Hashable, Sendable {
    case text
    case path
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
}

/// One value of a setting.
package enum SettingValue: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
}

extension SettingValue: CustomStringConvertible {
    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .number(let number): number.rounded() == number ? String(Int(number)) : String(number)
        }
    }
}
