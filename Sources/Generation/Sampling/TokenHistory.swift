/// The tokens that penalties look back at, with their counts kept up to date.
struct TokenHistory: Sendable {
    /// All tokens so far, oldest first.
    private(set) var tokens: [Int32] = []
    /// How often each token occurs among the last `window`.
    private(set) var counts: [Int32: Int] = [:]
    private let window: Int
    /// Tokens before the newest that somebody looks at.
    private let reach: Int

    /// - Parameters:
    ///   - window: tokens that are counted; -1 for all.
    ///   - reach: tokens that are needed at all; -1 for all.
    init(window: Int, reach: Int) {
        self.window = window < 0 ? .max : window
        self.reach = max(self.window, reach < 0 ? .max : reach)
    }

    mutating func append(_ token: Int32) {
        guard reach > 0 else { return }
        tokens.append(token)
        if window > 0 { counts[token, default: 0] += 1 }
        if tokens.count > window, window > 0 {
            let leaving = tokens[tokens.count - 1 - window]
            if let count = counts[leaving] { counts[leaving] = count > 1 ? count - 1 : nil }
        }
        // Now and then, so that the cost of moving what stays is spread over many tokens.
        if reach < .max / 4, tokens.count > 4 * reach + 1024 { tokens.removeFirst(tokens.count - reach - 1) }
    }
}
