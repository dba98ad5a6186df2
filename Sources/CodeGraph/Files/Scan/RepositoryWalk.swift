#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The state of one scan: where it is, which rules hold there, and what it found.
struct RepositoryWalk {
    /// Rules and the folder that they hold below.
    private struct Scope {
        let rules: IgnoreRules
        /// Where paths below that folder begin.
        let base: Int
    }

    private(set) var files: [ScannedFile] = []
    private(set) var leftOut = LeftOut()

    private let root: String
    /// Nil when no rules are to hold.
    private let userRules: IgnoreRules?
    /// Of the current entry from the root; of a folder without a slash at its end.
    private var path: [UInt8] = []
    /// The weakest first.
    private var scopes: [Scope] = []
    /// Where the scopes of the innermost repository begin: those of the repositories around it do not hold in it.
    private var firstScope = 0

    init(root: String, userRules: IgnoreRules?) {
        self.root = root
        self.userRules = userRules
    }

    mutating func run(_ beforeFolder: (String) throws -> Void) throws {
        let descriptor = unsafe open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RepositoryPathError.notReadable(path: root, code: errno) }
        defer { close(descriptor) }
        guard let listing = FolderListing(of: descriptor) else {
            throw RepositoryPathError.notReadable(path: root, code: errno)
        }
        if let userRules, !listing.hasGit { scopes.append(Scope(rules: userRules, base: 0)) }
        try walk(listing, of: descriptor, depth: 0, beforeFolder)
    }

    private mutating func walk(
        _ listing: FolderListing, of folder: Int32, depth: Int, _ beforeFolder: (String) throws -> Void
    ) throws {
        let outer = (firstScope, scopes.count, path.count)
        defer {
            firstScope = outer.0
            scopes.removeSubrange(outer.1...)
        }
        try beforeFolder(String(decoding: path, as: UTF8.self))
        if !path.isEmpty { path.append(UInt8(ascii: "/")) }
        defer { path.removeSubrange(outer.2...) }
        enter(listing, of: folder)
        let start = path.count
        for entry in listing.entries {
            path.append(contentsOf: listing.names[entry.range])
            defer { path.removeSubrange(start...) }
            try visit(entry, of: listing, in: folder, nameStart: start, depth: depth, beforeFolder)
        }
    }

    /// Takes up the rules that begin to hold in this folder.
    private mutating func enter(_ listing: FolderListing, of folder: Int32) {
        guard let userRules else { return }
        if listing.hasGit {
            firstScope = scopes.count
            let top = path.isEmpty ? root : root + "/" + String(decoding: path.dropLast(), as: UTF8.self)
            for rules in [userRules, GitFolder.ownRules(ofRepositoryAt: top)] where !rules.isEmpty {
                scopes.append(Scope(rules: rules, base: path.count))
            }
        }
        if listing.hasIgnoreFile, let bytes = SmallFile.read(".gitignore", in: folder, followsLinks: false) {
            scopes.append(Scope(rules: IgnoreRules(parsing: bytes), base: path.count))
        }
    }

    private mutating func visit(
        _ entry: FolderListing.Entry, of listing: FolderListing, in folder: Int32, nameStart: Int, depth: Int,
        _ beforeFolder: (String) throws -> Void
    ) throws {
        let isFolder = entry.kind == .folder
        if isIgnored(nameStart: nameStart, isFolder: isFolder) { return leave(.ignored, isFolder: isFolder) }
        switch entry.kind {
        case .unknown: return leave(.vanished)
        case .symbolicLink: return leave(.symbolicLink)
        case .special: return leave(.special)
        case .file, .folder: break
        }
        guard let path = String(validating: path, as: UTF8.self) else { return leave(.notUTF8, isFolder: isFolder) }
        if isFolder {
            guard depth < RepositoryScan.maximumDepth else { return leave(.tooDeep, isFolder: true) }
            let descriptor = listing.open(entry, in: folder)
            guard descriptor >= 0 else { return leave(reasonOfFailure(errno), isFolder: true) }
            defer { close(descriptor) }
            guard let inner = FolderListing(of: descriptor) else {
                return leave(reasonOfFailure(errno), isFolder: true)
            }
            return try walk(inner, of: descriptor, depth: depth + 1, beforeFolder)
        }
        guard let status = listing.status(entry, in: folder) else {
            return leave(reasonOfFailure(errno))
        }
        // Something else may have taken its place since the listing.
        guard status.kind == .file else { return leave(.vanished) }
        guard status.isReadableByAll || listing.isReadable(entry, in: folder) else {
            return leave(reasonOfFailure(errno))
        }
        files.append(
            ScannedFile(
                path: path, byteCount: status.byteCount, modifiedNanoseconds: status.modifiedNanoseconds,
                changedNanoseconds: status.changedNanoseconds, inode: status.inode))
    }

    /// The last rule that matches decides, and those of inner folders come after those of outer ones.
    private func isIgnored(nameStart: Int, isFolder: Bool) -> Bool {
        let path = path.span
        for index in scopes.indices[firstScope...].reversed() {
            let scope = scopes[index]
            let verdict = scope.rules.verdict(on: path, base: scope.base, name: nameStart, isFolder: isFolder)
            if let verdict { return verdict == .ignored }
        }
        return false
    }

    private mutating func leave(_ reason: LeftOut.Reason, isFolder: Bool = false) {
        leftOut.add(reason, path: path, isFolder: isFolder)
    }

    private func reasonOfFailure(_ code: Int32) -> LeftOut.Reason {
        switch code {
        // The last two: another kind of thing, or a symbolic link, stands where the folder was.
        case ENOENT, ENOTDIR, ELOOP: .vanished
        default: .unreadable
        }
    }
}
