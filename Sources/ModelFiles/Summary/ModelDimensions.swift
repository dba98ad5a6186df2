/// The numbers of a model that its memory depends on.
package struct ModelDimensions: Codable, Hashable, Sendable {
    /// As GGUF names it: `qwen2`, `llama`, `qwen3moe` ...
    package var architecture: String
    package var parameters: Int
    /// Parameters that one token uses, in a mixture of experts.
    package var activeParameters: Int?
    /// The longest context it was made for, in tokens.
    package var context: Int
    package var layers: Int
    /// Layers that keep keys and values, where not all do.
    package var attentionLayers: Int?
    package var heads: Int
    package var keyValueHeads: Int
    /// Elements of a key head, and of a value head unless `valueSize` says otherwise.
    package var headSize: Int
    package var valueSize: Int?
    /// Elements per token and layer of a compressed cache (MLA), instead of keys and values.
    package var latentSize: Int?
    /// Bytes of state per sequence that do not depend on its length.
    package var recurrentBytes: Int?
    package var embedding: Int
    package var vocabulary: Int

    package init(
        architecture: String, parameters: Int, activeParameters: Int? = nil, context: Int, layers: Int,
        attentionLayers: Int? = nil, heads: Int, keyValueHeads: Int, headSize: Int, valueSize: Int? = nil,
        latentSize: Int? = nil, recurrentBytes: Int? = nil, embedding: Int, vocabulary: Int
    ) {
        self.architecture = architecture
        self.parameters = parameters
        self.activeParameters = activeParameters
        self.context = context
        self.layers = layers
        self.attentionLayers = attentionLayers
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headSize = headSize
        self.valueSize = valueSize
        self.latentSize = latentSize
        self.recurrentBytes = recurrentBytes
        self.embedding = embedding
        self.vocabulary = vocabulary
    }

    /// Elements that a token adds to the cache, over all layers.
    package var cacheElementsPerToken: Int {
        let perLayer = latentSize ?? keyValueHeads.clampedProduct(headSize.clampedSum(valueSize ?? headSize))
        return (attentionLayers ?? layers).clampedProduct(perLayer)
    }
}
