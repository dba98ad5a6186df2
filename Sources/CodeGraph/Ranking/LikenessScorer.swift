/// Scores texts by how like a question they are: the cosine of the means of their words' vectors.
///
/// A file is compared in windows of 30 lines, every 20 lines one, each as if its path stood before it; the best counts. A
/// quarter of a vector's numbers choose the windows that all of them are worth reading of.
struct LikenessScorer: Sendable {
    private static let blockLines = 10
    /// Of a window, and from one window to the next.
    private static let windowBlocks = 3
    private static let step = 2
    /// Whatever is longer is data, or its beginning tells what it is.
    private static let mostWindows = 200
    private static let mostBlocks = (mostWindows - 1) * step + windowBlocks
    private static let chosenWindows = 3
    /// A symbol is what it begins with.
    private static let symbolBlocks = 6

    /// By the first numbers of vectors, and by all.
    private var rough: QuestionVector
    private var whole: QuestionVector

    /// Nil when the question has no words that mean anything to `vectors`.
    /// - Parameter title: how much more a word of the first line counts.
    init?(_ query: SearchQuery, _ vectors: any TextVectors, title: Double) {
        guard vectors.width > 0 else { return nil }
        var sum = [Float](repeating: 0, count: vectors.width)
        var (squares, words): (Float, Float) = (0, 0)
        var one = sum
        unsafe query.text.withUnsafeBufferPointer { text in
            let titleEnd = unsafe text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            unsafe IdentifierWords.scanWords(text) { range in
                for index in one.indices { one[index] = 0 }
                unsafe one.withUnsafeMutableBufferPointer { one in
                    _ = unsafe vectors.add(UnsafeBufferPointer(rebasing: text[range]), to: one)
                }
                let weight = range.lowerBound < titleEnd ? Float(title) : 1
                for index in one.indices {
                    sum[index] += weight * one[index]
                    squares += one[index] * one[index]
                }
                words += 1
                return words < 4096
            }
        }
        let typical = (squares / max(words, 1) / Float(sum.count)).squareRoot()
        let roughWidth = max(min(vectors.width, 64), vectors.width / 4)
        guard typical.isFinite, let whole = QuestionVector(sum, width: vectors.width, typical: typical, vectors) else {
            return nil
        }
        self.whole = whole
        rough = QuestionVector(sum, width: roughWidth, typical: typical, vectors) ?? whole
    }

    /// How like the question the parts of a file are, from -1 to 1.
    struct Likeness: Sendable {
        /// Of the best window.
        var file: Double
        /// Of the first lines that each symbol takes, roughly.
        var symbols: [Double]
    }

    /// - Parameter symbols: ordinals of those that are asked for.
    mutating func likeness(of file: GraphStore.StoredFile, symbols: [Int]) -> Likeness {
        let (blocks, starts) = Self.blocks(of: file.text, by: &rough)
        let path = Self.sum(Array(file.path.utf8)[...], by: &rough)
        let count = starts.count - 1
        let windows = (0..<max(1, (count - 1 + Self.step) / Self.step)).map { window in
            let first = window * Self.step
            return first..<min(first + Self.windowBlocks, count)
        }
        let roughly = windows.map { rough.cosine(blocks, $0, path) }
        let chosen = windows.indices.sorted { (roughly[$1], $0) < (roughly[$0], $1) }.prefix(Self.chosenWindows)
        let wholePath = Self.sum(Array(file.path.utf8)[...], by: &whole)
        var best = -1.0
        for window in chosen {
            var sums: [Int16] = []
            for block in windows[window] { sums += Self.sum(file.text[starts[block]..<starts[block + 1]], by: &whole) }
            best = max(best, whole.cosine(sums, 0..<windows[window].count, wholePath))
        }
        let likenesses = symbols.map { ordinal in
            let symbol = file.facts.symbols[ordinal]
            let first = max(Int(symbol.line) - 1, 0) / Self.blockLines
            let last = max(Int(symbol.endLine) - 1, 0) / Self.blockLines
            // Beyond the windows nothing is known.
            guard first < count else { return 0.0 }
            return rough.cosine(blocks, first..<max(first + 1, min(last + 1, first + Self.symbolBlocks, count)), path)
        }
        return Likeness(file: best, symbols: likenesses)
    }

    /// The sums of the words' vectors of each ten lines, and where these begin and the last ends.
    /// - Returns: sums [blocks, stride]
    private static func blocks(of text: [UInt8], by question: inout QuestionVector) -> (sums: [Int16], starts: [Int]) {
        var sums: [Int16] = []
        var starts = [0]
        while let start = starts.last, start < text.count, starts.count <= mostBlocks {
            let end = endOfBlock(from: start, in: text)
            sums += sum(text[start..<end], by: &question)
            starts.append(end)
        }
        return (sums, starts)
    }

    private static func sum(_ text: ArraySlice<UInt8>, by question: inout QuestionVector) -> [Int16] {
        var sum = [Int16](repeating: 0, count: question.stride)
        unsafe text.withUnsafeBufferPointer { text in
            unsafe sum.withUnsafeMutableBufferPointer { sum in unsafe question.add(text, to: sum) }
        }
        return sum
    }

    private static func endOfBlock(from start: Int, in text: [UInt8]) -> Int {
        unsafe text.withUnsafeBytes { text in
            let newline = SIMD16<UInt8>(repeating: UInt8(ascii: "\n"))
            var lines = 0
            var place = start
            while place < text.count {
                // SAFETY: the last whole vector ends before the text does.
                let isPlain =
                    unsafe place + 16 <= text.count
                    && !any(text.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self) .== newline)
                if isPlain {
                    place += 16
                    continue
                }
                let end = min(place + 16, text.count)
                while place < end {
                    place += 1
                    guard unsafe text[place - 1] == UInt8(ascii: "\n") else { continue }
                    lines += 1
                    if lines == blockLines { return place }
                }
            }
            return place
        }
    }
}
