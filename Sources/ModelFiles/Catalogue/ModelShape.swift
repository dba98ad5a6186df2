/// What a model's tensors depend on besides `ModelDimensions`, as its published configuration gives it.
package struct ModelShape: Codable, Hashable, Sendable {
    /// Sizes of a mixture of experts.
    package struct Experts: Codable, Hashable, Sendable {
        package let count: Int
        /// How many a token takes.
        package let used: Int
        /// Elements between the halves of an expert.
        package let feedForward: Int
        /// Experts that every token takes besides.
        package let shared: Int?
        /// Layers in front that have one block instead.
        package let denseLayers: Int?
        package let groups: Int?
        package let groupsUsed: Int?
        /// Factor on what the experts give.
        package let scale: Float?
        /// Whether they are chosen by sigmoids and a bias instead of a softmax.
        package let sigmoid: Bool?
    }

    /// Layers with a gated delta rule.
    package struct LinearAttention: Codable, Hashable, Sendable {
        package let keyHeads: Int
        package let valueHeads: Int
        package let headSize: Int
        /// Tokens that the convolution before it sees.
        package let convolution: Int
    }

    /// Elements between the halves of a block without experts.
    package let feedForward: Int
    /// Of norms.
    package let epsilon: Float
    /// Base of the rotations' wavelengths.
    package let rotaryBase: Float
    /// Elements of a head that are rotated, where not all are.
    package let rotated: Int?
    /// Tokens that layers with a window see.
    package let window: Int?
    /// Elements that queries are compressed to (MLA).
    package let queryRank: Int?
    /// Whether the model's files have no matrix for the output. Some repeat the embedding that serves as one.
    package let sharesEmbedding: Bool?
    package let experts: Experts?
    package let linear: LinearAttention?
}
