internal import Architectures
internal import ModelFiles
internal import Tensors

extension SessionOptions {
    /// What caches must have in common for one to go on with the rows of another: the model, by its metadata and samples of its
    /// weights, the type of the rows, and how they lie. Adapters are each sequence's own matter.
    func prefixSpace(of model: LanguageModel, _ layout: SequenceLayout) -> ContentHash {
        // Raised when rows of equal tokens come to have another meaning.
        var text = "rows 2\n\(kv.rawValue)\n\(layout)\n\(model.hyperparameters)\n\(model.source.fileByteCount)\n"
        // Windows, routing and rotation are there only. The vocabulary's part is large, and ids are compared as they are.
        for key in model.metadata.keys.sorted() where !key.hasPrefix("tokenizer.") && key != "general.name" {
            text += "\(key) \(model.metadata.value(key).map { "\($0)" } ?? "")\n"
        }
        var bytes = Array(text.utf8)
        for tensor in model.source.tensorDescriptions {
            bytes += Array("\(tensor.name) \(tensor.type) \(tensor.shape)\n".utf8)
            // What the model has loaded: nothing is converted for this.
            guard let found = try? model.source.tensor(tensor.name) else { continue }
            for place in [found.data.count / 3, found.data.count / 4 * 3] {
                bytes += found.data.dropFirst(place).prefix(64)
            }
        }
        return ContentHash(of: bytes)
    }
}
