import Chat
import LocalChat
import Settings

/// A model that a server offers, and what is told of it while it is not in memory.
struct OfferedModel: Sendable {
    /// What an encoder can do, or a model made for text besides text.
    struct Vectors: Sendable {
        var dimensions: Int
        var longestText: Int
        var scoresPairs: Bool

        init(_ model: LocalEmbeddingModel) {
            (dimensions, longestText, scoresPairs) = (model.dimensions, model.longestText, model.scoresPairs)
        }
    }

    /// What a model made for text is.
    struct Text: Sendable {
        var contextLength: Int
        var facts: ModelFacts
        /// How it is run: that of all models, with a context that this one takes.
        var plan: SettingsPlan
    }

    var name: String
    /// As it was asked for: a name of the store, or a path.
    var reference: String
    var path: String
    /// Nil for an encoder.
    var text: Text?
    var vectors: Vectors
    /// In memory, contexts full.
    var byteCount: Int
    /// Other names.
    var aliases: [String] = []
}
