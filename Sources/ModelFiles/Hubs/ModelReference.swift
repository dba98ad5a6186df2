/// Where a model is to be had, as users and the catalogue write it.
package enum ModelReference: Hashable, Sendable {
    /// `qwen2.5-coder:1.5b`: a name of the catalogue or of the store.
    case name(String)
    /// `hf:owner/repository/file.gguf`, optionally with `@revision`.
    case hub(HubFile)
    /// `pypi:distribution==version/member`, several separated by commas: concatenated in order.
    case wheels([WheelMember])
    /// `./model.gguf`
    case path(String)

    package init(_ text: String) throws(ReferenceError) {
        if text.isEmpty { throw .empty }
        if let rest = text.dropping(prefix: "hf:") {
            guard let file = HubFile(rest) else { throw .malformed(text, form: HubFile.form) }
            self = .hub(file)
        } else if let rest = text.dropping(prefix: "pypi:") {
            self = .wheels(try WheelMember.list(rest, reference: text))
        } else if text.hasSuffix(".gguf") || text.contains("/") || text.hasPrefix("~") || text == "." || text == ".." {
            self = .path(text)
        } else {
            self = .name(text)
        }
    }
}

/// A reference that cannot be understood.
package enum ReferenceError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    case malformed(String, form: String)
    case unevenRanges(String)

    package var description: String {
        switch self {
        case .empty: "the model's name is empty. Try: martlet model list --available"
        case .malformed(let text, let form): "'\(text)' is not of the form \(form)."
        case .unevenRanges(let text):
            "the ranges in '\(text)' are not of the same length. Write for example {1..4} twice."
        }
    }
}

/// A file of a repository on a Hugging Face hub.
package struct HubFile: Hashable, Sendable, CustomStringConvertible {
    static let form = "hf:owner/repository/file.gguf[@revision]"

    package let repository: String
    /// May have folders.
    package let path: String
    package let revision: String

    init?(_ text: Substring) {
        var rest = text
        var revision = "main"
        if let at = text.lastIndex(of: "@") {
            revision = String(text[text.index(after: at)...])
            rest = text[..<at]
        }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, !revision.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            return nil
        }
        repository = parts[0] + "/" + parts[1]
        path = parts.dropFirst(2).joined(separator: "/")
        self.revision = revision
    }

    private init(repository: String, path: String, revision: String) {
        self.repository = repository
        self.path = path
        self.revision = revision
    }

    /// The file's name without folders.
    package var name: String { path.split(separator: "/").last.map { String($0) } ?? path }

    /// Another file of the repository.
    func file(at path: String) -> HubFile { HubFile(repository: repository, path: path, revision: revision) }

    /// All parts when the name is that of a split model's part, else this file alone.
    var parts: [HubFile] {
        guard let split = GGUFSplitName(path: path) else { return [self] }
        return (1...split.count).map {
            HubFile(repository: repository, path: split.path(ofPart: $0), revision: revision)
        }
    }

    package var description: String { "hf:\(repository)/\(path)" + (revision == "main" ? "" : "@\(revision)") }
}

/// A file inside a wheel of a Python package index.
package struct WheelMember: Hashable, Sendable {
    static let form = "pypi:distribution==version/path/inside/the/wheel, several separated by commas"

    package let distribution: String
    package let version: String
    package let member: String

    static func list(_ text: Substring, reference: String) throws(ReferenceError) -> [WheelMember] {
        var members: [WheelMember] = []
        for pattern in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let expanded = RangePattern.expand(pattern) else { throw .unevenRanges(reference) }
            for item in expanded {
                guard let member = WheelMember(item) else { throw .malformed(reference, form: form) }
                members.append(member)
            }
        }
        return members
    }

    private init?(_ text: String) {
        guard let slash = text.firstIndex(of: "/"), let equals = text[..<slash].firstRange(of: "==") else { return nil }
        distribution = String(text[..<equals.lowerBound])
        version = String(text[equals.upperBound..<slash])
        member = String(text[text.index(after: slash)...])
        guard !distribution.isEmpty, !version.isEmpty, !member.isEmpty else { return nil }
    }
}

/// Ranges in braces, as shells write them: `part{01..03}` is part01, part02 and part03.
enum RangePattern {
    /// The most that one pattern may stand for.
    static let limit = 10_000

    /// All ranges of a pattern advance together; nil when they are not equally long or malformed.
    static func expand(_ pattern: some StringProtocol) -> [String]? {
        var literals: [String] = []
        var ranges: [(first: Int, last: Int, width: Int)] = []
        var rest = Substring(pattern)
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}"),
                let range = parse(rest[rest.index(after: open)..<close])
            else { return nil }
            literals.append(String(rest[..<open]))
            ranges.append(range)
            rest = rest[rest.index(after: close)...]
        }
        guard let first = ranges.first else { return [String(pattern)] }
        let count = first.last - first.first + 1
        guard count >= 1, count <= limit, ranges.allSatisfy({ $0.last - $0.first + 1 == count }) else { return nil }
        return (0..<count).map { index in
            zip(literals, ranges).map { $0 + padded($1.first + index, width: $1.width) }.joined() + rest
        }
    }

    private static func parse(_ text: Substring) -> (first: Int, last: Int, width: Int)? {
        guard let dots = text.firstRange(of: ".."), let first = Int(text[..<dots.lowerBound]),
            let last = Int(text[dots.upperBound...]), first >= 0, last >= first, last <= 1_000_000
        else { return nil }
        return (first, last, text[..<dots.lowerBound].utf8.count)
    }

    private static func padded(_ number: Int, width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension String {
    /// What follows `prefix`, or nil when the text does not begin with it.
    func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
