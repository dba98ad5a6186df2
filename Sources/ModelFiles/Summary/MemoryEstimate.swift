/// How much memory a model needs at a context length, in bytes.
package struct MemoryEstimate: Codable, Hashable, Sendable {
    /// How keys and values are kept.
    package enum CacheType: String, Codable, Hashable, Sendable, CaseIterable {
        case f16
        case q8_0

        /// Bytes of so many elements; q8_0 keeps 32 in 34 bytes.
        package func byteCount(elements: Int) -> Int {
            switch self {
            case .f16: elements.clampedProduct(2)
            case .q8_0: (elements / 32 + (elements % 32 == 0 ? 0 : 1)).clampedProduct(34)
            }
        }
    }

    package let context: Int
    package let cacheType: CacheType
    package let weights: Int
    package let cache: Int
    /// Activations of a 512-token prefill, logits, vocabulary and the program itself: an estimate.
    package let overhead: Int

    package var total: Int { weights.clampedSum(cache).clampedSum(overhead) }

    package init(weightByteCount: Int, dimensions: ModelDimensions, context: Int, cacheType: CacheType) {
        self.context = context
        self.cacheType = cacheType
        weights = weightByteCount
        let elements = dimensions.cacheElementsPerToken.clampedProduct(context)
        cache = cacheType.byteCount(elements: elements).clampedSum(dimensions.recurrentBytes ?? 0)
        // About 16 rows of activations per token of a batch, in float32; 100 bytes for each token of the vocabulary.
        let activations = dimensions.embedding.clampedProduct(512 * 16 * 4)
        overhead = activations.clampedSum(dimensions.vocabulary.clampedProduct(104)).clampedSum(24 << 20)
    }

    enum CodingKeys: String, CodingKey {
        case context
        case cacheType = "cache_type"
        case weights = "weights_bytes"
        case cache = "cache_bytes"
        case overhead = "overhead_bytes"
    }
}

extension Int {
    /// The numbers come from files: a wild one gives the largest estimate, not a crash.
    func clampedProduct(_ factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }

    func clampedSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
