internal import HTTP

/// Which Python package indexes to ask, as pip would.
package struct PythonIndexSettings: Hashable, Sendable {
    /// The index that a setting names; nil leaves the choice to pip.
    private let named: String?
    private let extra: [String]

    package init(indexes: [String]) {
        named = indexes.first
        extra = Array(indexes.dropFirst())
    }

    /// The index first, then the extra ones; each with a slash at its end. May hold credentials.
    package var indexes: [String] { indexes(orElse: Self.pipDefault) }

    package func indexes(orElse fallback: @autoclosure () -> String?) -> [String] {
        ([named ?? fallback()].compactMap(\.self) + extra).map { $0.hasSuffix("/") ? $0 : $0 + "/" }
    }

    /// Asked for once, and only when no setting names an index: starting Python takes a while.
    private static let pipDefault = pipDefaultIndex()

    /// Reads PIP_INDEX_URL and PIP_EXTRA_INDEX_URL, then pip's configuration files.
    /// - read: the text of a file, nil when there is none.
    package init(
        environment: [String: String], read: (String) -> String? = PythonIndexSettings.readFile
    ) {
        var settings: [String: String] = [:]
        for path in Self.configurationFiles(environment) {
            if let text = read(path) { settings.merge(Self.parse(text)) { _, later in later } }
        }
        settings["index-url"] = environment.nonEmpty("PIP_INDEX_URL") ?? settings["index-url"]
        settings["extra-index-url"] = environment.nonEmpty("PIP_EXTRA_INDEX_URL") ?? settings["extra-index-url"]
        let extra = settings["extra-index-url"]?.split(whereSeparator: \.isWhitespace).map { String($0) } ?? []
        named = settings["index-url"]
        self.extra = extra
    }

    package static func readFile(_ path: String) -> String? {
        (try? MappedFile(path: path)).map { unsafe String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Lowest precedence first: the machine's, the user's, the virtual environment's, the one named explicitly.
    static func configurationFiles(_ environment: [String: String]) -> [String] {
        if environment["PIP_CONFIG_FILE"] == "/dev/null" { return [] }
        var paths = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
        if let home = environment.nonEmpty("HOME") {
            paths.append(home + "/.pip/pip.conf")
            paths.append((environment.nonEmpty("XDG_CONFIG_HOME") ?? home + "/.config") + "/pip/pip.conf")
        }
        if let environmentFolder = environment.nonEmpty("VIRTUAL_ENV") { paths.append(environmentFolder + "/pip.conf") }
        if let explicit = environment.nonEmpty("PIP_CONFIG_FILE") { paths.append(explicit) }
        return paths
    }

    /// The keys of the sections `global`, `install` and `download`; continuation lines belong to the key before.
    static func parse(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        var isWanted = false
        var key: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmingWhitespace()
            if content.isEmpty || content.first == "#" || content.first == ";" { continue }
            if line.first?.isWhitespace == true, let key {
                values[key]? += " " + content
                continue
            }
            if content.first == "[" {
                isWanted = ["[global]", "[install]", "[download]"].contains(content)
                key = nil
                continue
            }
            guard isWanted, let separator = content.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
            let name = content[..<separator].trimmingWhitespace().lowercased()
            key = String(name.map { $0 == "_" ? "-" : $0 })
            values[key!] = String(content[content.index(after: separator)...].trimmingWhitespace())
        }
        return values
    }
}
