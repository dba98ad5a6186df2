internal import ModelFiles

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Files that appear under their name only when they are whole.
enum FileReplacement {
    /// Lets `body` write the file under a name beside `path`, then renames it. When either fails, nothing is left.
    static func write(_ path: String, _ body: (String) throws(FileError) -> Void) throws(FileError) {
        try write(path, body, renaming: { $0 })
    }

    static func write<Failure: Error>(
        _ path: String, _ body: (String) throws(Failure) -> Void, renaming: (FileError) -> Failure
    ) throws(Failure) {
        let temporary = "\(path).\(getpid()).partial"
        do {
            try body(temporary)
        } catch {
            try? FileTree.remove(temporary)
            throw error
        }
        do {
            try FileTree.rename(temporary, to: path)
        } catch {
            try? FileTree.remove(temporary)
            throw renaming(error)
        }
    }

    /// The same for a model of `byteCount` bytes. Refused before `body` begins if one exists that may not be replaced, or
    /// if the disk is too small; both may come to be so meanwhile.
    static func writeModel(
        _ path: String, byteCount: Int, overwrites: Bool, _ body: (String) throws(ConversionError) -> Void
    ) throws(ConversionError) {
        guard overwrites || !FileTree.exists(path) else { throw .exists(path: path) }
        if let free = DiskSpace.free(at: path), free < UInt64(byteCount) {
            throw .diskFull(path: path, needed: byteCount, free: free)
        }
        try write(path) { temporary throws(ConversionError) in
            do throws(ConversionError) { try body(temporary) } catch {
                guard case .file(let failure) = error, failure.isDiskFull, let free = DiskSpace.free(at: path) else {
                    throw error
                }
                throw .diskFull(path: path, needed: byteCount, free: free)
            }
            guard overwrites || !FileTree.exists(path) else { throw .exists(path: path) }
        } renaming: { error in
            .file(error)
        }
    }
}
