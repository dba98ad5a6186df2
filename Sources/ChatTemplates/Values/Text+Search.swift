/// Finds a byte string in others, in time linear in both.
struct ByteSearcher {
    let needle: [UInt8]
    /// Knuth-Morris-Pratt failure links, for needles long enough to make plain comparison quadratic.
    private let links: [Int]

    init(_ needle: [UInt8]) {
        self.needle = needle
        guard needle.count > 16 else {
            links = []
            return
        }
        var links = [Int](repeating: 0, count: needle.count)
        var matched = 0
        for index in 1..<needle.count {
            while matched > 0, needle[index] != needle[matched] { matched = links[matched - 1] }
            if needle[index] == needle[matched] { matched += 1 }
            links[index] = matched
        }
        self.links = links
    }

    /// Offset of the first occurrence that lies within `range`. An empty needle is found at its start.
    func firstIndex(in haystack: [UInt8], range: Range<Int>) -> Int? {
        guard let first = needle.first else { return range.lowerBound }
        guard range.count >= needle.count else { return nil }
        return haystack.withUnsafeBufferPointer { bytes in
            links.isEmpty ? scan(bytes, range, first) : scanLinked(bytes, range)
        }
    }

    private func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ first: UInt8) -> Int? {
        let last = range.upperBound - needle.count
        var index = range.lowerBound
        search: while index <= last {
            if bytes[index] == first {
                for distance in 1..<max(1, needle.count) where bytes[index + distance] != needle[distance] {
                    index += 1
                    continue search
                }
                return index
            }
            index += 1
        }
        return nil
    }

    private func scanLinked(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        var matched = 0
        for index in range {
            while matched > 0, bytes[index] != needle[matched] { matched = links[matched - 1] }
            if bytes[index] == needle[matched] { matched += 1 }
            if matched == needle.count { return index + 1 - matched }
        }
        return nil
    }

    /// Offset of the last occurrence that lies within `range`.
    static func lastIndex(of needle: [UInt8], in haystack: [UInt8], range: Range<Int>) -> Int? {
        let mirrored = [UInt8](haystack[range].reversed())
        let place = ByteSearcher(needle.reversed()).firstIndex(in: mirrored, range: 0..<mirrored.count)
        return place.map { range.upperBound - $0 - needle.count }
    }
}

extension Text {
    func contains(_ other: Text) -> Bool {
        ByteSearcher(other.bytes).firstIndex(in: bytes, range: 0..<bytes.count) != nil
    }

    func hasPrefix(_ other: Text) -> Bool { bytes.starts(with: other.bytes) }

    func hasSuffix(_ other: Text) -> Bool {
        bytes.count >= other.bytes.count && bytes[(bytes.count - other.bytes.count)...].elementsEqual(other.bytes)
    }

    /// Offsets of occurrences that don't overlap, at most `limit` of them; an empty `other` occurs between all code points.
    func occurrences(of other: Text, limit: Int = .max) -> [Int] {
        var found: [Int] = []
        if other.isEmpty {
            var index = 0
            while found.count < limit {
                found.append(index)
                if index >= bytes.count { break }
                index += bytes.scalarWidth(at: index)
            }
            return found
        }
        let searcher = ByteSearcher(other.bytes)
        var start = 0
        while found.count < limit, let index = searcher.firstIndex(in: bytes, range: start..<bytes.count) {
            found.append(index)
            start = index + other.bytes.count
        }
        return found
    }

    /// - Parameter count: replacements at most; negative for all.
    func replacing(_ old: Text, with new: Text, count: Int) -> Text {
        let places = occurrences(of: old, limit: count < 0 ? .max : count)
        guard !places.isEmpty else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + places.count * (new.bytes.count - min(new.bytes.count, old.bytes.count)))
        var copied = 0
        for place in places {
            result += bytes[copied..<place]
            result += new.bytes
            copied = place + old.bytes.count
        }
        result += bytes[copied...]
        return derived(result)
    }

    /// Splits at `separator`, from the left, into at most `limit + 1` parts; a negative limit is none.
    func split(separator: Text, limit: Int) -> [Text] {
        var parts: [Text] = []
        var copied = 0
        for place in occurrences(of: separator, limit: limit < 0 ? .max : limit) {
            parts.append(derived(bytes[copied..<place]))
            copied = place + separator.bytes.count
        }
        parts.append(derived(bytes[copied...]))
        return parts
    }

    /// Splits at `separator`, from the right.
    func splitFromRight(separator: Text, limit: Int) -> [Text] {
        let mirrored = Text(bytes.reversed())
        let places = mirrored.occurrences(of: Text(separator.bytes.reversed()), limit: limit < 0 ? .max : limit)
        var parts: [Text] = []
        var end = bytes.count
        for place in places {
            let start = bytes.count - place - separator.bytes.count
            parts.append(derived(bytes[(start + separator.bytes.count)..<end]))
            end = start
        }
        parts.append(derived(bytes[..<end]))
        return parts.reversed()
    }

    /// Splits at runs of white space into at most `limit + 1` parts, none of them empty; the last is the unsplit rest.
    func splitAtWhitespace(limit: Int) -> [Text] {
        var parts: [Text] = []
        var rest = bytes.trimming(0..<bytes.count, trailing: false)
        while !rest.isEmpty {
            if limit >= 0, parts.count == limit {
                parts.append(derived(bytes[rest]))
                break
            }
            var end = rest.lowerBound
            while end < rest.upperBound, bytes.whitespaceWidth(at: end) == 0 { end += bytes.scalarWidth(at: end) }
            parts.append(derived(bytes[rest.lowerBound..<end]))
            rest = bytes.trimming(end..<rest.upperBound, trailing: false)
        }
        return parts
    }

    func splitAtWhitespaceFromRight(limit: Int) -> [Text] {
        guard limit >= 0 else { return splitAtWhitespace(limit: limit) }
        var parts: [Text] = []
        var rest = bytes.trimming(0..<bytes.count, leading: false)
        while !rest.isEmpty {
            if parts.count == limit {
                parts.append(derived(bytes[rest]))
                break
            }
            var start = rest.upperBound
            while start > rest.lowerBound, bytes.whitespaceWidth(before: start) == 0 {
                start -= 1
                while start > rest.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
            }
            parts.append(derived(bytes[start..<rest.upperBound]))
            rest = bytes.trimming(rest.lowerBound..<start, leading: false)
        }
        return parts.reversed()
    }

    /// Lines without their ends, which are those of Python's `splitlines`.
    func lines(keepingEnds: Bool = false) -> [Text] {
        var lines: [Text] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let width = lineEndWidth(at: index)
            if width == 0 {
                index += bytes.scalarWidth(at: index)
            } else {
                lines.append(derived(bytes[start..<(keepingEnds ? index + width : index)]))
                index += width
                start = index
            }
        }
        if start < bytes.count { lines.append(derived(bytes[start...])) }
        return lines
    }

    private func lineEndWidth(at index: Int) -> Int {
        func next(_ distance: Int) -> UInt8 { index + distance < bytes.count ? bytes[index + distance] : 0 }
        switch bytes[index] {
        case 0x0D: return next(1) == 0x0A ? 2 : 1
        case 0x0A...0x0C, 0x1C...0x1E: return 1
        case 0xC2: return next(1) == 0x85 ? 2 : 0
        case 0xE2: return next(1) == 0x80 && (next(2) == 0xA8 || next(2) == 0xA9) ? 3 : 0
        default: return 0
        }
    }

    /// Without the white space, or without the code points of `characters`, at the ends.
    func stripped(of characters: Text? = nil, leading: Bool = true, trailing: Bool = true) -> Text {
        guard let characters else {
            let range = bytes.trimming(0..<bytes.count, leading: leading, trailing: trailing)
            return range.count == bytes.count ? self : derived(bytes[range])
        }
        let unwanted = Set(characters.string.unicodeScalars)
        let scalars = Array(string.unicodeScalars)
        var (lower, upper) = (0, scalars.count)
        while leading, lower < upper, unwanted.contains(scalars[lower]) { lower += 1 }
        while trailing, upper > lower, unwanted.contains(scalars[upper - 1]) { upper -= 1 }
        var result: [UInt8] = []
        for scalar in scalars[lower..<upper] { result.append(scalar) }
        return derived(result)
    }
}
