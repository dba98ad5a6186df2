/// What BERT's tokenizer does to a text before it looks words up. Control characters always go, and every ideograph
/// and punctuation mark is a word of its own.
/// - SeeAlso: Devlin et al. 2018, arXiv:1810.04805, and the tokenizer published with it.
package struct BertNormalization: Hashable, Sendable {
    package var lowercases: Bool
    /// Decomposes canonically and leaves nonspacing marks out.
    package var stripsAccents: Bool

    package init(lowercases: Bool = true, stripsAccents: Bool = true) {
        self.lowercases = lowercases
        self.stripsAccents = stripsAccents
    }

    /// The words of `text`, each with one space in front; bytes that are no UTF-8 are left out.
    func words(of text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var writer = BertWordWriter(self, reserving: text.count + text.count / 4)
        guard let start = text.baseAddress else { return [] }
        var position = 0
        while position < text.count {
            let (scalar, length) = UTF8Decoding.scalar(at: position, in: start, end: text.count)
            writer.read(scalar)
            position += length
        }
        writer.flush()
        return writer.output
    }

    /// Hands every word of `text` to `sink`, with the space in front of it.
    func cut(_ text: UnsafeBufferPointer<UInt8>, into sink: inout some WordSink & ~Copyable) {
        words(of: text).withUnsafeBufferPointer { words in
            guard let start = words.baseAddress else { return }
            var first = 0
            while first < words.count {
                var end = first + 1
                while end < words.count, words[end] != UInt8(ascii: " ") { end += 1 }
                sink.add(start + first, length: end - first, readable: words.count - first)
                first = end
            }
        }
    }
}

/// Takes a text's scalars in order and writes its words.
private struct BertWordWriter {
    private(set) var output: [UInt8] = []
    private let rules: BertNormalization
    private let classes = BertCharacters.table
    private var isInWord = false
    /// A starter and the marks behind it, decomposed, that may still change places.
    private var pending: [(scalar: UInt32, combiningClass: UInt8)] = []

    init(_ rules: BertNormalization, reserving count: Int) {
        self.rules = rules
        output.reserveCapacity(count)
    }

    mutating func read(_ scalar: UInt32) {
        switch BertCharacters(rawValue: classes[scalar]) {
        case .removed: return
        case .space:
            flush()
            isInWord = false
        default:
            let isAlone = BertCharacters.isIdeograph(scalar)
            if isAlone {
                flush()
                isInWord = false
            }
            if scalar < 0x80 || !rules.stripsAccents {
                flush()
                write(scalar)
            } else {
                let data = CanonicalData.shared
                data.decompose(scalar) { part in
                    let combiningClass = data.combiningClass(part)
                    if combiningClass == 0 { flush() }
                    pending.append((part, combiningClass))
                }
            }
            if isAlone {
                flush()
                isInWord = false
            }
        }
    }

    /// Writes what is pending, in canonical order and without marks.
    mutating func flush() {
        guard !pending.isEmpty else { return }
        // The standard library's sort is stable.
        if pending.count > 1 { pending.sort { $0.combiningClass < $1.combiningClass } }
        for (scalar, _) in pending where classes[scalar] != BertCharacters.mark.rawValue { write(scalar) }
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func write(_ scalar: UInt32) {
        guard rules.lowercases else { return place(scalar) }
        guard scalar >= 0x80 else {
            return place(scalar >= 0x41 && scalar <= 0x5A ? scalar + 0x20 : scalar)
        }
        guard let character = Unicode.Scalar(scalar) else { return }
        for lower in character.properties.lowercaseMapping.unicodeScalars { place(lower.value) }
    }

    private mutating func place(_ scalar: UInt32) {
        switch BertCharacters(rawValue: classes[scalar]) {
        case .space: isInWord = false
        case .punctuation:
            output.append(UInt8(ascii: " "))
            UTF8Decoding.append(scalar, to: &output)
            isInWord = false
        default:
            if !isInWord { output.append(UInt8(ascii: " ")) }
            UTF8Decoding.append(scalar, to: &output)
            isInWord = true
        }
    }
}
