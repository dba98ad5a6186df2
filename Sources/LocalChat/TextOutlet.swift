import Generation
import Tokenization

/// Tokens to text: whole characters, and nothing that may turn out to be a stop text.
struct TextOutlet {
    private var detokenizer: StreamingDetokenizer
    private var matcher: StopStringMatcher
    /// The stop text that came.
    private(set) var stopText: String?
    var hasStopped: Bool { stopText != nil }

    init(_ tokenizer: Tokenizer, stops: [String], showsControlTokens: Bool) {
        detokenizer = StreamingDetokenizer(
            tokenizer, options: DecodingOptions(rendersControlTokens: showsControlTokens))
        matcher = StopStringMatcher(stops)
    }

    mutating func append(_ id: TokenID, _ emit: (String) throws -> Void) throws {
        try pass(try detokenizer.append(id), emit)
    }

    mutating func finish(_ emit: (String) throws -> Void) throws {
        guard !hasStopped else { return }
        try pass(detokenizer.finish(), emit)
        guard !hasStopped else { return }
        let rest = matcher.flush()
        if !rest.isEmpty { try emit(String(decoding: rest, as: UTF8.self)) }
    }

    private mutating func pass(_ text: String, _ emit: (String) throws -> Void) throws {
        guard !text.isEmpty else { return }
        let output = matcher.append(text.utf8)
        stopText = output.stop
        if !output.text.isEmpty { try emit(String(decoding: output.text, as: UTF8.self)) }
    }
}
