package import SQLite

extension GraphQueries {
    /// The folders from which the includes of these files, and of what they include, lead to files of the repository;
    /// those that most do first. For `#include "net/if.h"` that means `include/net/if.h` it is `include`.
    /// - Returns: paths from the root; empty for the root itself.
    package func includeFolders(
        of files: some Sequence<Int>, fileLimit: Int = 400, limit: Int = 64
    ) throws(SQLiteError) -> [String] {
        var counts: [String: Int] = [:]
        var seen = Set(files)
        var waiting = seen.sorted()
        var place = 0
        while place < waiting.count, place < fileLimit {
            let id = waiting[place]
            place += 1
            for item in try imports(of: id) {
                guard let target = item.targets.first, let path = try reader.file(target)?.path else { continue }
                if seen.insert(target).inserted { waiting.append(target) }
                let name = item.module.filter { !"<>\"".contains($0) }
                if path == name {
                    counts["", default: 0] += 1
                } else if path.hasSuffix("/" + name) {
                    counts[String(path.dropLast(name.count + 1)), default: 0] += 1
                }
            }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map(\.key)
    }
}
