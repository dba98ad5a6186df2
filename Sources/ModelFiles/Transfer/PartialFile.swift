package import HTTP
import CPlatform
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that grows while it arrives, with the digest of what it holds so far.
// SAFETY: @unchecked: one transfer at a time uses it, and hands it on only between threads that wait for each other.
package final class PartialFile: @unchecked Sendable {
    let path: String
    package private(set) var byteCount = 0
    private let descriptor: Int32
    private var hasher = ContentHasher()
    /// Up to here the system has been told to write to disk.
    private var writtenBack = 0

    /// Opens or creates the file at `path`, keeps at most its first `limit` bytes and hashes them.
    package init(path: String, limit: Int = .max, isCancelled: CancellationFlag? = nil) throws(FileError) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path: path, operation: .create, code: errno) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        if size > limit { try truncate(to: limit) }
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError(path: path, operation: .read, code: errno) }
        try hashContents(isCancelled)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try unsafe writeAll(bytes, to: descriptor, path: path)
        unsafe hasher.update(bytes)
        byteCount += bytes.count
        // Early, or the synchronization at the end would wait for gigabytes.
        if byteCount - writtenBack >= 32 << 20 {
            mp_begin_write_back(descriptor, Int64(writtenBack), Int64(byteCount - writtenBack))
            writtenBack = byteCount
        }
    }

    /// Forgets all contents.
    func restart() throws(FileError) {
        try truncate(to: 0)
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileError(path: path, operation: .write, code: errno) }
        hasher = ContentHasher()
        byteCount = 0
        writtenBack = 0
    }

    package var hash: ContentHash { hasher.finish() }

    /// Makes sure that the contents are on disk.
    package func synchronize() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError(path: path, operation: .write, code: errno) }
    }

    private func truncate(to count: Int) throws(FileError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else {
            throw FileError(path: path, operation: .write, code: errno)
        }
    }

    private func hashContents(_ isCancelled: CancellationFlag?) throws(FileError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { unsafe buffer.deallocate() }
        while isCancelled?.isRaised != true {
            let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(path: path, operation: .read, code: errno)
            }
            if count == 0 { break }
            unsafe hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            byteCount += count
        }
    }
}

extension PartialFile {
    /// Opens and hashes on a thread of its own; cancelling the task ends the hashing.
    static func opening(_ path: String, limit: Int = .max) async throws(PullError) -> PartialFile {
        let isCancelled = CancellationFlag()
        let result: Result<PartialFile, FileError> = await withTaskCancellationHandler {
            await onOwnThread {
                Result { () throws(FileError) in try PartialFile(path: path, limit: limit, isCancelled: isCancelled) }
            }
        } onCancel: {
            isCancelled.raise()
        }
        if isCancelled.isRaised { throw .cancelled }
        do { return try result.get() } catch { throw .file(error) }
    }

    func synchronizeOnOwnThread() async throws(PullError) {
        do { try await onOwnThread { () throws(FileError) in try self.synchronize() } } catch { throw .file(error) }
    }
}
