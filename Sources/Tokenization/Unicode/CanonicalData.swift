/// Canonical decompositions, compositions and combining classes. Built when the first text needs it: about 1 ms.
final class CanonicalData: Sendable {
    static let shared = CanonicalData()

    private let classes: ScalarTable
    /// 1: a stretch to compose may begin and end here, and the character stays what it is; 0: it may not.
    private let inertness: ScalarTable
    private let decompositions: [UInt32: [UInt32]]
    private let compositions: [UInt64: UInt32]

    private init() {
        var classRuns: [(start: UInt32, count: Int, value: UInt8)] = []
        var position: UInt32 = 0
        for word in HexadecimalWords(CanonicalFormData.combiningClasses) {
            let start = position + word[0]
            classRuns.append((start, Int(word[1]), UInt8(word[2])))
            position = start + word[1]
        }

        var decompositions: [UInt32: [UInt32]] = [:]
        var excluded: Set<UInt32> = []
        position = 0
        for word in HexadecimalWords(CanonicalFormData.decompositions) {
            position += word[0]
            decompositions[position] = Array(word.numbers.dropFirst())
            if word.isMarked { excluded.insert(position) }
        }

        // A composite is its shorter composite and one more character; the shorter ones come first.
        var composites: [[UInt32]: UInt32] = [:]
        var compositions: [UInt64: UInt32] = [:]
        var notInert = Set(decompositions.keys)
        let ordered = decompositions.sorted { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
        for (composite, parts) in ordered where parts.count > 1 && !excluded.contains(composite) {
            let head = Array(parts.dropLast())
            guard let last = parts.last, let first = head.count == 1 ? head[0] : composites[head] else { continue }
            composites[parts] = composite
            compositions[Self.pair(first, last)] = composite
            notInert.remove(composite)
            notInert.insert(last)
        }
        for run in classRuns { notInert.formUnion(run.start..<run.start + UInt32(run.count)) }
        // Hangul's vowels and trailing consonants compose by arithmetic.
        notInert.formUnion(Hangul.vowels)
        notInert.formUnion(Hangul.trailing)

        self.decompositions = decompositions
        self.compositions = compositions
        classes = Self.table(classRuns)
        inertness = Self.table(notInert.sorted().map { (start: $0, count: 1, value: 1) })
    }

    /// Whether text in form C may be cut before `scalar`: a starter that composes with nothing before it and does
    /// not decompose.
    func isInert(_ scalar: UInt32) -> Bool { inertness[scalar] == 0 }

    func combiningClass(_ scalar: UInt32) -> UInt8 { classes[scalar] }

    /// Calls `body` with the full canonical decomposition of `scalar`, or with itself.
    func decompose(_ scalar: UInt32, _ body: (UInt32) -> Void) {
        if Hangul.syllables.contains(scalar) {
            Hangul.decompose(scalar, body)
        } else if let parts = decompositions[scalar] {
            parts.forEach(body)
        } else {
            body(scalar)
        }
    }

    func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        Hangul.composite(first, second) ?? compositions[Self.pair(first, second)]
    }

    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

    private static func table(_ ranges: [(start: UInt32, count: Int, value: UInt8)]) -> ScalarTable {
        var runs: [(count: Int, value: UInt8)] = []
        var position = 0
        for range in ranges {
            runs.append((Int(range.start) - position, 0))
            runs.append((range.count, range.value))
            position = Int(range.start) + range.count
        }
        return ScalarTable(runs: runs)
    }
}

/// The syllables of Hangul, which decompose and compose by arithmetic.
/// - SeeAlso: The Unicode Standard, section 3.12.
private enum Hangul {
    static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
    static let leading: Range<UInt32> = 0x1100..<0x1113
    static let vowels: Range<UInt32> = 0x1161..<0x1176
    static let trailing: Range<UInt32> = 0x11A8..<0x11C3

    static func decompose(_ syllable: UInt32, _ body: (UInt32) -> Void) {
        let index = syllable - syllables.lowerBound
        body(leading.lowerBound + index / 588)
        body(vowels.lowerBound + index % 588 / 28)
        if index % 28 > 0 { body(trailing.lowerBound + index % 28 - 1) }
    }

    static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if leading.contains(first), vowels.contains(second) {
            return syllables.lowerBound + (first - leading.lowerBound) * 588 + (second - vowels.lowerBound) * 28
        }
        if syllables.contains(first), (first - syllables.lowerBound) % 28 == 0, trailing.contains(second) {
            return first + second - trailing.lowerBound + 1
        }
        return nil
    }
}

/// Reads the generated tables: words between spaces, each a list of hexadecimal numbers.
private struct HexadecimalWords: Sequence, IteratorProtocol {
    struct Word {
        var numbers: [UInt32] = []
        /// An exclamation mark was among them.
        var isMarked = false
        subscript(index: Int) -> UInt32 { numbers[index] }
    }

    private let text: StaticString
    private var position = 0

    init(_ text: StaticString) { self.text = text }

    mutating func next() -> Word? {
        guard position < text.utf8CodeUnitCount else { return nil }
        var word = Word()
        var number: UInt32 = 0
        while position < text.utf8CodeUnitCount {
            let byte = text.utf8Start[position]
            position += 1
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "!"): word.isMarked = true
            default:
                word.numbers.append(number)
                number = 0
                if byte == UInt8(ascii: " ") { return word }
            }
        }
        word.numbers.append(number)
        return word
    }
}
