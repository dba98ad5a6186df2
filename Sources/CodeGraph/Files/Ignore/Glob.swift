/// A pattern with wildcards, compiled to match bytes.
struct Glob: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case byte(UInt8)
        /// `?`
        case any
        /// `[...]`
        case oneOf(ByteSet)
        /// `*`: any bytes within a component.
        case star
        /// `**`: any bytes, slashes too.
        case deepStar
        /// `**/`: no folders or any number of them.
        case folders
    }

    private let steps: [Step]

    /// The byte that all matches end with; nil when they may end with several.
    var lastByte: UInt8? { if case .byte(let byte) = steps.last { byte } else { nil } }

    /// Returns whether the bytes of `text` from `start` on match.
    ///
    /// Only the last star of each kind is ever moved on. That is enough: what stood between an earlier star and it was
    /// matched as early as possible, and no later place leaves more room.
    func matches(_ text: Span<UInt8>, from start: Int) -> Bool {
        let slash = UInt8(ascii: "/")
        var position = start
        var step = 0
        // Where to go on when the star takes one byte more.
        var star: (step: Int, position: Int)?
        var deepStar: (step: Int, position: Int, isFolders: Bool)?
        while true {
            if step == steps.count {
                if position == text.count { return true }
            } else {
                var isMatched = false
                switch steps[step] {
                case .byte(let byte): isMatched = position < text.count && text[position] == byte
                case .any: isMatched = position < text.count && text[position] != slash
                case .oneOf(let set): isMatched = position < text.count && set.contains(text[position])
                case .star:
                    step += 1
                    star = (step, position)
                    continue
                case .deepStar, .folders:
                    let isFolders = steps[step] == .folders
                    step += 1
                    if step == steps.count, !isFolders { return true }
                    deepStar = (step, position, isFolders)
                    star = nil
                    continue
                }
                if isMatched {
                    position += 1
                    step += 1
                    continue
                }
            }
            if let last = star, last.position < text.count, text[last.position] != slash {
                position = last.position + 1
                step = last.step
                star = (step, position)
                continue
            }
            guard let last = deepStar else { return false }
            position = last.position
            if last.isFolders {
                while position < text.count, text[position] != slash { position += 1 }
            }
            guard position < text.count else { return false }
            position += 1
            step = last.step
            deepStar = (step, position, last.isFolders)
            star = nil
        }
    }
}

extension Glob {
    /// Compiles a pattern; nil when it can match nothing, as one with an open bracket.
    /// - isPath: whether it matches paths, where `*` stops at slashes; else names, which have none.
    init?(_ pattern: some Collection<UInt8>, isPath: Bool) {
        let pattern = Array(pattern)
        let slash = UInt8(ascii: "/")
        var steps: [Step] = []
        var index = 0
        while index < pattern.count {
            switch pattern[index] {
            case UInt8(ascii: "?"):
                steps.append(.any)
                index += 1
            case UInt8(ascii: "\\"):
                guard index + 1 < pattern.count else { return nil }
                steps.append(.byte(pattern[index + 1]))
                index += 2
            case UInt8(ascii: "["):
                guard let set = Self.bracket(pattern, &index) else { return nil }
                steps.append(.oneOf(set))
            case UInt8(ascii: "*"):
                let first = index
                while index < pattern.count, pattern[index] == UInt8(ascii: "*") { index += 1 }
                let rest = pattern[index...]
                let endsComponent =
                    rest.isEmpty || rest.first == slash || rest.starts(with: [UInt8(ascii: "\\"), slash])
                let isDeep =
                    isPath && index - first > 1 && endsComponent && (first == 0 || pattern[first - 1] == slash)
                if !isDeep {
                    steps.append(.star)
                } else if rest.first == slash {
                    steps.append(.folders)
                    index += 1
                } else {
                    steps.append(.deepStar)
                }
            default:
                steps.append(.byte(pattern[index]))
                index += 1
            }
        }
        self.steps = steps
    }

    /// Reads a bracket expression and moves `index` behind it; nil when it does not end, or names an unknown class.
    private static func bracket(_ pattern: [UInt8], _ index: inout Int) -> ByteSet? {
        func byte(_ index: Int) -> UInt8? { index < pattern.count ? pattern[index] : nil }
        var set = ByteSet()
        var at = index + 1
        let isNegated = byte(at) == UInt8(ascii: "!") || byte(at) == UInt8(ascii: "^")
        if isNegated { at += 1 }
        // What a range may begin with: nothing after a range or a class.
        var previous: UInt8?
        // A closing bracket that comes first is a member.
        repeat {
            guard let current = byte(at) else { return nil }
            if current == UInt8(ascii: "-"), let low = previous, let next = byte(at + 1), next != UInt8(ascii: "]") {
                at += next == UInt8(ascii: "\\") ? 2 : 1
                guard let high = byte(at) else { return nil }
                if low <= high { for member in low...high { set.insert(member) } }
                previous = nil
            } else if current == UInt8(ascii: "["), byte(at + 1) == UInt8(ascii: ":") {
                guard let end = pattern[(at + 2)...].firstIndex(of: UInt8(ascii: "]")) else { return nil }
                if end > at + 2, pattern[end - 1] == UInt8(ascii: ":") {
                    guard let members = ByteSet(className: pattern[(at + 2)..<(end - 1)]) else { return nil }
                    set.formUnion(members)
                    previous = nil
                    at = end
                } else {
                    set.insert(current)
                    previous = current
                }
            } else {
                if current == UInt8(ascii: "\\") { at += 1 }
                guard let member = byte(at) else { return nil }
                set.insert(member)
                previous = member
            }
            at += 1
        } while byte(at) != UInt8(ascii: "]")
        index = at + 1
        if isNegated { set = set.inverted }
        set.remove(UInt8(ascii: "/"))
        return set
    }
}
