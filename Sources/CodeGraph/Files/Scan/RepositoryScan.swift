/// The files of a repository that are to be indexed: all that git would track, as they are on disk.
///
/// Nested repositories and submodules belong to it, each under its own rules.
package struct RepositoryScan: Sendable {
    /// Folders below folders that are walked; more of them are left out. Each level holds a descriptor open.
    package static let maximumDepth = 128

    /// Sorted by the bytes of their paths.
    package let files: [ScannedFile]
    package let leftOut: LeftOut
    /// When it began, since 1970. What was changed just before may change again without another time.
    package let startNanoseconds: Int64

    /// Walks the folders below `root`.
    ///
    /// - Parameters:
    ///   - usesIgnoreRules: false takes what git would ignore, too.
    ///   - userRules: what this user ignores everywhere; git's file for it when nil.
    ///   - beforeFolder: called for each folder, when its names are known and nothing below it was looked at. What it
    ///     throws ends the walk.
    /// - Throws: `RepositoryPathError` when the root itself cannot be read; what `beforeFolder` throws.
    package init(
        of root: RepositoryRoot, usesIgnoreRules: Bool = true, userRules: IgnoreRules? = nil,
        beforeFolder: (_ path: String) throws -> Void = { _ in try Task.checkCancellation() }
    ) throws {
        startNanoseconds = FileClock.nanoseconds
        let userRules = usesIgnoreRules ? userRules ?? GitFolder.userRules() : nil
        var walk = RepositoryWalk(root: root.path, userRules: userRules)
        try walk.run(beforeFolder)
        files = walk.files
        leftOut = walk.leftOut
    }
}
