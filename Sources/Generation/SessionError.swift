/// Why a session cannot start or go on.
package enum SessionError: Error, Hashable, Sendable, CustomStringConvertible {
    case contextFull(position: Int, adding: Int, capacity: Int)
    case tokenOutOfRange(Int32, vocabulary: Int)
    case notEnoughMemory(needed: Int, available: Int, context: Int)
    case cacheTypeNeedsWiderHeads(headDim: Int)
    case emptyPrompt
    case cancelled

    package var description: String {
        switch self {
        case .contextFull(let position, let adding, let capacity):
            """
            the prompt needs \(position + adding) tokens of context and this session has \(capacity). \
            Shorten it, or give more with --context \(position + adding + 512).
            """
        case .tokenOutOfRange(let id, let vocabulary):
            "token \(id) is not in this model's vocabulary of \(vocabulary) (0 to \(vocabulary - 1))."
        case .notEnoughMemory(let needed, let available, let context):
            """
            a context of \(context) tokens needs \(megabytes(needed)) MB for its cache and buffers and \
            \(megabytes(available)) MB are free. Try a smaller --context or --kv q8_0.
            """
        case .cacheTypeNeedsWiderHeads(let headDim):
            "a q8_0 cache needs heads of a multiple of 32 and this model's have \(headDim). Use --kv f16."
        case .emptyPrompt: "there is nothing to evaluate: the prompt has no tokens."
        case .cancelled: "the evaluation was cancelled."
        }
    }

    private func megabytes(_ bytes: Int) -> Int { (bytes + 999_999) / 1_000_000 }
}
