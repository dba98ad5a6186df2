package import ModelFiles

/// A token's number in a vocabulary.
package typealias TokenID = Int32

/// Everything a file says about a tokenizer, as plain data.
package struct TokenizerDefinition: Sendable {
    package enum Algorithm: Hashable, Sendable {
        /// Byte-level BPE: tokens and merges are spelled in GPT-2's alphabet of printable characters for bytes.
        case byteLevelBPE(PreTokenizer)
        /// SentencePiece BPE: pieces with scores; the best-scored neighbours merge first.
        case sentencePiece
        /// WordPiece: the longest pieces from left to right; U+2581 begins those that begin words.
        case wordPiece(BertNormalization)
    }

    /// What a token is for, numbered as in GGUF's `tokenizer.ggml.token_type`.
    package enum TokenType: UInt8, Sendable {
        case normal = 1
        case unknown = 2
        /// A special token, such as `<|im_end|>`.
        case control = 3
        /// An added token that is text, such as `<tool_call>`.
        case userDefined = 4
        /// Padding of the vocabulary, never produced.
        case unused = 5
        /// One byte, spelled `<0x0A>`, of a SentencePiece vocabulary.
        case byte = 6
    }

    package enum Normalization: Hashable, Sendable {
        case none
        /// Canonical composition, Unicode's form C.
        case nfc
    }

    /// Where SentencePiece puts a space that the text does not have.
    package enum SpacePrefix: Hashable, Sendable {
        case none
        /// Before the text and after every added token.
        case everySegment
        /// Before the text, unless it begins with an added token.
        case firstSegment
    }

    package var algorithm: Algorithm
    /// Each token as the file spells it; its index is its id.
    package var tokens: ByteStrings
    /// Byte-level BPE only: pairs `left right`, best first.
    package var merges: ByteStrings
    /// SentencePiece only: one per token.
    package var scores: [Float]
    /// One per token, or none at all: all normal.
    package var types: [TokenType]
    package var special: SpecialTokens
    package var normalization: Normalization
    package var spacePrefix: SpacePrefix
    /// A word that is a token becomes that token, whatever the merges say (Llama 3, Tekken).
    package var prefersWholeWords: Bool
    package var addsBeginOfSequence: Bool
    package var addsEndOfSequence: Bool

    package init(
        algorithm: Algorithm, tokens: ByteStrings, merges: ByteStrings = ByteStrings(), scores: [Float] = [],
        types: [TokenType] = [], special: SpecialTokens = SpecialTokens(), normalization: Normalization = .none,
        spacePrefix: SpacePrefix = .none, prefersWholeWords: Bool = false, addsBeginOfSequence: Bool = false,
        addsEndOfSequence: Bool = false
    ) {
        self.algorithm = algorithm
        self.tokens = tokens
        self.merges = merges
        self.scores = scores
        self.types = types
        self.special = special
        self.normalization = normalization
        self.spacePrefix = spacePrefix
        self.prefersWholeWords = prefersWholeWords
        self.addsBeginOfSequence = addsBeginOfSequence
        self.addsEndOfSequence = addsEndOfSequence
    }
}

/// The tokens that mean something to the code around a model; nil where the vocabulary has none.
package struct SpecialTokens: Hashable, Sendable {
    package var beginOfSequence: TokenID?
    package var endOfSequence: TokenID?
    package var endOfTurn: TokenID?
    package var endOfMessage: TokenID?
    package var unknown: TokenID?
    package var padding: TokenID?
    package var fillInMiddle = FillInMiddleTokens()
    /// Every token that ends a generation, whichever of the roles above it has.
    package var endOfGeneration: Set<TokenID> = []

    package init() {}
}

/// The tokens of fill-in-the-middle prompts; nil where the vocabulary has none.
package struct FillInMiddleTokens: Hashable, Sendable {
    package var prefix: TokenID?
    package var suffix: TokenID?
    package var middle: TokenID?
    package var padding: TokenID?
    package var repositoryName: TokenID?
    package var fileSeparator: TokenID?

    package init() {}
}
