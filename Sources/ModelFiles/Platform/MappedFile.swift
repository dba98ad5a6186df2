import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A whole file mapped read-only; unmapped when the last reference goes.
///
/// A file that another process shortens while it is mapped raises SIGBUS on access, as with every mapping.
/// `ModelStore` therefore only ever replaces files by rename.
// SAFETY: @unchecked because of the pointer; the bytes are read-only and the mapping outlives `self`'s users.
@safe
package final class MappedFile: @unchecked Sendable {
    package let path: String
    package let bytes: UnsafeRawBufferPointer
    /// Whether the bytes come from the file and not from memory of the caller's.
    let isMapping: Bool
    /// What `bytes` belong to, where they are no mapping.
    private let owner: AlignedMemory?

    /// Maps the regular file at `path`. An empty file gives an empty buffer.
    package init(path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw FileError(path: path, operation: .open, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(path: path, operation: .map, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        self.path = path
        owner = nil
        let size = Int(status.st_size)
        guard size > 0 else {
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            isMapping = false
            return
        }
        guard let start = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), unsafe start != MAP_FAILED
        else {
            throw FileError(path: path, operation: .map, code: errno)
        }
        unsafe bytes = UnsafeRawBufferPointer(start: start, count: size)
        isMapping = true
    }

    /// Presents memory that the caller keeps alive as a file; `path` only names it in errors.
    package init(borrowing bytes: UnsafeRawBufferPointer, path: String) {
        self.path = path
        unsafe self.bytes = bytes
        isMapping = false
        owner = nil
    }

    /// Presents a copy of `contents` as a file; nil when the system refuses the memory.
    package init?(copying contents: [UInt8], path: String) {
        guard let memory = AlignedMemory(byteCount: contents.count) else { return nil }
        unsafe memory.bytes.copyBytes(from: contents)
        self.path = path
        unsafe bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory.bytes).prefix(contents.count))
        isMapping = false
        owner = memory
    }

    deinit {
        // SAFETY: this object made the mapping and is the only one to end it.
        if isMapping { unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }
    }
}
