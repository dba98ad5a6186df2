/// Unicode's canonical composition (form C), by the data of the reference implementation.
/// - SeeAlso: Unicode Standard Annex 15.
enum CanonicalForm {
    /// `text` in form C, or nil if it is already; what is not valid UTF-8 stays as it is.
    ///
    /// Text below U+0300 is only looked at.
    static func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let start = text.baseAddress else { return nil }
        var composer: Composer?
        // Where the run begins that would have to be composed again if something combines with it.
        var boundary = 0
        var position = 0
        while position < text.count {
            let byte = start[position]
            if byte < 0x80 {
                boundary = position
                position = endOfASCII(start, from: position + 1, end: text.count)
                if position - boundary > 1 { boundary = position - 1 }
                continue
            }
            let (scalar, length) = UTF8Decoding.scalar(at: position, in: start, end: text.count)
            if scalar < 0x300 || CanonicalData.shared.isInert(scalar) {
                boundary = position
                position += length
                continue
            }
            // Something that composes, decomposes or reorders: compose from the last inert character to the next.
            var end = position + length
            while end < text.count {
                let (following, length) = UTF8Decoding.scalar(at: end, in: start, end: text.count)
                if following < 0x300 || CanonicalData.shared.isInert(following) { break }
                end += length
            }
            if composer == nil { composer = Composer(reserving: text.count) }
            composer?.copy(start, upTo: boundary)
            composer?.compose(start, from: boundary, to: end)
            boundary = end
            position = end
        }
        guard var composer, composer.hasChanged else { return nil }
        composer.copy(start, upTo: text.count)
        return composer.output
    }

    /// The end of the run of ASCII from `position` on.
    @inline(__always)
    private static func endOfASCII(_ start: UnsafePointer<UInt8>, from position: Int, end: Int) -> Int {
        var position = position
        let raw = UnsafeRawPointer(start)
        while end - position >= 8 {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            position += 8
        }
        while position < end, start[position] < 0x80 { position += 1 }
        return position
    }
}

/// Composes stretches of a text and copies the rest.
private struct Composer {
    private(set) var output: [UInt8] = []
    private(set) var hasChanged = false
    private var consumed = 0
    private var scalars: [(scalar: UInt32, combiningClass: UInt8)] = []

    init(reserving count: Int) { output.reserveCapacity(count) }

    mutating func copy(_ start: UnsafePointer<UInt8>, upTo end: Int) {
        guard end > consumed else { return }
        output.append(contentsOf: UnsafeBufferPointer(start: start + consumed, count: end - consumed))
        consumed = end
    }

    mutating func compose(_ start: UnsafePointer<UInt8>, from begin: Int, to end: Int) {
        let data = CanonicalData.shared
        let outputStart = output.count
        var position = begin
        scalars.removeAll(keepingCapacity: true)
        while position < end {
            let (scalar, length) = UTF8Decoding.scalar(at: position, in: start, end: end)
            if scalar == 0xFFFD, length == 1 {
                // A byte that is no UTF-8: a wall between what comes before and behind.
                flush(data)
                output.append(start[position])
            } else {
                data.decompose(scalar) { scalars.append(($0, data.combiningClass($0))) }
            }
            position += length
        }
        flush(data)
        consumed = end
        let isSame = output[outputStart...].elementsEqual(UnsafeBufferPointer(start: start + begin, count: end - begin))
        hasChanged = hasChanged || !isSame
    }

    /// Orders and composes what was collected, and writes it.
    private mutating func flush(_ data: CanonicalData) {
        order()
        var starter: Int?
        var lastClass: UInt8 = 0
        var kept = 0
        for index in scalars.indices {
            let (scalar, combiningClass) = scalars[index]
            // Blocked by a character of the same or a higher class in between, or a starter behind marks.
            let isAdjacent = starter.map { $0 == kept - 1 } ?? false
            if let starter, isAdjacent || lastClass < combiningClass,
                let composite = data.composite(scalars[starter].scalar, scalar)
            {
                scalars[starter].scalar = composite
                continue
            }
            if combiningClass == 0 { starter = kept }
            lastClass = combiningClass
            scalars[kept] = (scalar, combiningClass)
            kept += 1
        }
        for index in 0..<kept { UTF8Decoding.append(scalars[index].scalar, to: &output) }
        scalars.removeAll(keepingCapacity: true)
    }

    /// Sorts each run of marks by combining class, keeping the order within a class.
    private mutating func order() {
        var runStart = 0
        while runStart < scalars.count {
            guard scalars[runStart].combiningClass > 0 else {
                runStart += 1
                continue
            }
            var runEnd = runStart
            while runEnd < scalars.count, scalars[runEnd].combiningClass > 0 { runEnd += 1 }
            // The standard library's sort is stable.
            scalars[runStart..<runEnd].sort { $0.combiningClass < $1.combiningClass }
            runStart = runEnd
        }
    }
}
