/// By how much lines are indented more, or less, than others that are the same.
struct IndentShift: Hashable {
    private var isDeeper: Bool
    private var space: String

    static let none = IndentShift(isDeeper: true, space: "")

    private init(isDeeper: Bool, space: String) {
        self.isDeeper = isDeeper
        self.space = space
    }

    /// The one that makes each line of `lines` of that of `search`; nil where none does. Blank lines fit all.
    init?(from search: [String], to lines: ArraySlice<String>) {
        var found: IndentShift?
        for (wanted, line) in zip(search, lines) {
            let (isBlank, isOtherBlank) = (TextLines.isBlank(wanted), TextLines.isBlank(line))
            guard isBlank == isOtherBlank else { return nil }
            if isBlank { continue }
            guard TextLines.withoutSpace(wanted) == TextLines.withoutSpace(line) else { return nil }
            let (before, after) = (Self.indent(wanted), Self.indent(line))
            let shift: IndentShift
            if after.hasSuffix(before) {
                shift = IndentShift(isDeeper: true, space: String(after.dropLast(before.count)))
            } else if before.hasSuffix(after) {
                shift = IndentShift(isDeeper: false, space: String(before.dropLast(after.count)))
            } else {
                return nil
            }
            guard found == nil || found == shift else { return nil }
            found = shift
        }
        guard let found else { return nil }
        self = found
    }

    private static func indent(_ line: String) -> Substring { line.prefix { $0 == " " || $0 == "\t" } }

    func applied(_ line: String) -> String {
        if space.isEmpty || TextLines.isBlank(line) { return line }
        if isDeeper { return space + line }
        return line.hasPrefix(space) ? String(line.dropFirst(space.count)) : line
    }
}
