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
}
