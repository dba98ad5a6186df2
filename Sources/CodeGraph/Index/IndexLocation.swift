internal import Crypto
internal import Foundation

/// Where the index of a repository is kept: outside of it, in a folder for all of them.
package enum IndexLocation {
    /// `FOLDER/NAME-DIGEST.db`: the repository's own name for people, a digest of its path to tell it from others.
    /// - Parameter usesIgnoreRules: whether files that git ignores are left out; an index with them is another one.
    package static func path(
        forRepository root: String, in folder: String, usesIgnoreRules: Bool = true
    ) -> String {
        let digest = SHA256.hash(data: Data(root.utf8)).prefix(8).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }
        let name = (root.split(separator: "/").last ?? "root").map {
            $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_"
        }
        return folder + "/" + String(name) + "-" + digest.joined() + (usesIgnoreRules ? "" : "-all") + ".db"
    }

    /// Removes an index and what SQLite keeps beside it.
    package static func remove(_ path: String) {
        for ending in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + ending) }
    }
}
