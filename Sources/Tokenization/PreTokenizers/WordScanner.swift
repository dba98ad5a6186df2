/// Text as pre-tokenizers see it: bytes up to an end, read as characters with classes.
struct TextReader {
    let bytes: UnsafePointer<UInt8>
    let end: Int
    private let ascii: UnsafePointer<ScalarClasses>

    /// The memory must outlive the reader.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        // An empty text is never read; any address serves.
        bytes = text.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        end = text.count
        ascii = ScalarClasses.ascii.base
    }

    private init(bytes: UnsafePointer<UInt8>, end: Int, ascii: UnsafePointer<ScalarClasses>) {
        self.bytes = bytes
        self.end = end
        self.ascii = ascii
    }

    /// The same text, ended early: nothing behind `end` is seen by lookahead.
    @inline(__always)
    func prefix(_ end: Int) -> TextReader { TextReader(bytes: bytes, end: end, ascii: ascii) }

    /// The classes and the length in bytes of the character at `position`, which must be before `end`.
    ///
    /// A byte of invalid UTF-8 is a character without a class.
    @inline(__always)
    func character(at position: Int) -> (classes: ScalarClasses, length: Int) {
        let byte = bytes[position]
        return byte < 0x80 ? (ascii[Int(byte)], 1) : wideCharacter(at: position)
    }

    /// The scalar at `position`, U+FFFD for a byte of invalid UTF-8, and its length in bytes.
    @inline(__always)
    func scalar(at position: Int) -> (scalar: UInt32, length: Int) {
        UTF8Decoding.scalar(at: position, in: bytes, end: end)
    }

    /// The end of the run of characters from `position` on that have one of `classes`.
    @inline(__always)
    func endOfRun(of classes: ScalarClasses, from position: Int) -> Int {
        var position = position
        while position < end {
            let character = character(at: position)
            guard character.classes.meets(classes) else { break }
            position += character.length
        }
        return position
    }

    /// The end of the run of characters from `position` on that have none of `classes`.
    @inline(__always)
    func endOfRun(without classes: ScalarClasses, from position: Int) -> Int {
        var position = position
        while position < end {
            let character = character(at: position)
            guard !character.classes.meets(classes) else { break }
            position += character.length
        }
        return position
    }

    @inline(__always)
    func isLineBreak(at position: Int) -> Bool {
        bytes[position] == UInt8(ascii: "\n") || bytes[position] == UInt8(ascii: "\r")
    }

    @inline(never)
    private func wideCharacter(at position: Int) -> (classes: ScalarClasses, length: Int) {
        let (scalar, length) = scalar(at: position)
        return (ScalarClasses(rawValue: ScalarClasses.table[scalar]), length)
    }
}

/// A pre-tokenizer: cuts text into words that are merged on their own.
protocol WordScanner {
    /// The end of the word that starts at `start`: after `start`, at most at the end of the text.
    ///
    /// Called from left to right over one text, each start being the previous end.
    mutating func endOfWord(from start: Int, in text: TextReader) -> Int
}

/// Takes the words of a text, from left to right.
protocol WordSink: ~Copyable {
    /// - readable: bytes of the text from `word` on, at least `length`.
    mutating func add(_ word: UnsafePointer<UInt8>, length: Int, readable: Int)
}

extension WordScanner {
    /// Hands every word of `text` to `sink`.
    @inline(__always)
    func cut(_ text: UnsafeBufferPointer<UInt8>, into sink: inout some WordSink & ~Copyable) {
        var scanner = self
        let reader = TextReader(text)
        var start = 0
        while start < reader.end {
            let end = scanner.endOfWord(from: start, in: reader)
            sink.add(reader.bytes + start, length: end - start, readable: reader.end - start)
            start = end
        }
    }
}

/// Cuts the words of one scanner by another, which sees each as a text of its own.
struct Chain<Outer: WordScanner, Inner: WordScanner>: WordScanner {
    private var outer: Outer
    private var inner: Inner
    private var outerEnd = 0

    init(_ outer: Outer, _ inner: Inner) {
        self.outer = outer
        self.inner = inner
    }

    @inline(__always)
    mutating func endOfWord(from start: Int, in text: TextReader) -> Int {
        if start >= outerEnd { outerEnd = outer.endOfWord(from: start, in: text) }
        return inner.endOfWord(from: start, in: text.prefix(outerEnd))
    }
}

/// One expression of a split: where it matches.
protocol SplitPattern {
    /// The end of the match that starts at `start`, or nil.
    func endOfMatch(from start: Int, in text: TextReader) -> Int?
}

/// Cuts out what a pattern matches; what lies between two matches is a word as well.
struct Isolating<Pattern: SplitPattern>: WordScanner {
    let pattern: Pattern

    init(_ pattern: Pattern) { self.pattern = pattern }

    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        if let end = pattern.endOfMatch(from: start, in: text) { return end }
        var position = start
        repeat {
            position += text.character(at: position).length
        } while position < text.end && pattern.endOfMatch(from: position, in: text) == nil
        return position
    }
}
