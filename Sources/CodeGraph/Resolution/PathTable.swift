internal import SQLite

/// The paths of an index, found by their ends. For one state of the index.
struct PathTable {
    private let paths: [String]
    private let ids: [Int]
    private let languages: [String]
    private var byPath: [String: Int] = [:]
    /// By the last component of the path, in order of the files' numbers.
    private var byName: [Substring: [Int]] = [:]
    /// Files directly in a folder, and folders by the last component of theirs.
    private var byFolder: [Substring: [Int]] = [:]
    private var folders: [Substring: [Substring]] = [:]

    init(_ store: GraphStore) throws(SQLiteError) {
        let statement = try store.statement("SELECT id, path, language FROM files ORDER BY id")
        try statement.bind([])
        var paths: [String] = []
        var ids: [Int] = []
        var languages: [String] = []
        while try statement.step() {
            ids.append(statement.int(0))
            paths.append(statement.string(1))
            languages.append(statement.string(2))
        }
        self.paths = paths
        self.ids = ids
        self.languages = languages
        byPath.reserveCapacity(paths.count)
        byName.reserveCapacity(paths.count)
        for (place, path) in paths.enumerated() {
            byPath[path] = place
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
            byName[slash.map { path[path.index(after: $0)...] } ?? path[...], default: []].append(place)
            let folder = slash.map { path[..<$0] } ?? ""
            if byFolder[folder] == nil { folders[Self.lastComponent(folder), default: []].append(folder) }
            byFolder[folder, default: []].append(place)
        }
    }

    func id(path: String) -> Int? { byPath[path].map { ids[$0] } }

    /// The files' numbers grow.
    func path(_ id: Int) -> String? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? paths[low] : nil
    }

    /// Files whose paths end in `/suffix` or are it, in order.
    func ids(pathEnding suffix: String) -> [Int] {
        (byName[Self.lastComponent(suffix[...])] ?? []).filter { Self.is(paths[$0][...], endingIn: suffix) }
            .map { ids[$0] }
    }

    /// Files directly in folders whose path is the given one or ends in it, in order; of one language, or of all for nil.
    func ids(inFolder folder: String, language: String?) -> [Int] {
        let fitting = (folders[Self.lastComponent(folder[...])] ?? []).filter { Self.is($0, endingIn: folder) }
        let places = fitting.flatMap { byFolder[$0] ?? [] }.sorted()
        return places.filter { language == nil || languages[$0] == language }.map { ids[$0] }
    }

    /// Files directly in one folder, of one language, in order.
    func ids(inExactFolder folder: String, language: String) -> [Int] {
        (byFolder[folder[...]] ?? []).filter { languages[$0] == language }.map { ids[$0] }
    }

    private static func lastComponent(_ path: Substring) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] } ?? path
    }

    private static func `is`(_ path: Substring, endingIn suffix: String) -> Bool {
        let rest = path.utf8.count - suffix.utf8.count
        guard rest >= 0, path.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else { return false }
        return rest == 0 || path.utf8[path.utf8.index(path.startIndex, offsetBy: rest - 1)] == UInt8(ascii: "/")
    }
}
