/// A regular file that a scan found.
package struct ScannedFile: Hashable, Sendable {
    /// From the repository's root, with slashes between components.
    package let path: String
    package let byteCount: Int64
    /// Since 1970.
    package let modifiedNanoseconds: Int64
    /// Since 1970, as the system noted any change of the file or its name; no program can set it.
    package let changedNanoseconds: Int64
    package let inode: UInt64
}
