internal import Tensors

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Why a file gives nothing.
enum PrefixFileError: Error {
    /// It is not there any more.
    case missing
    /// The system does not let us read it now: too many open files, too little memory.
    case unreadable
    /// It is not what was written.
    case damaged
}

/// An open file with what a prefix left behind. Several threads may read it at a time.
///
/// It is read, not mapped: a file that somebody cuts off meanwhile is an error then, and not the end of the program.
final class PrefixFile: Sendable {
    let header: PrefixFileHeader
    private let descriptor: Int32

    init(path: String) throws(PrefixFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing : errno == ELOOP ? .damaged : .unreadable
        }
        do {
            header = try Self.header(descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    private static func header(_ descriptor: Int32) throws(PrefixFileError) -> PrefixFileHeader {
        let bytes = try read(descriptor, at: 0, count: PrefixFileHeader.byteCount)
        var status = stat()
        guard let header = PrefixFileHeader(UnsafeRawBufferPointer(bytes.bytes)), fstat(descriptor, &status) == 0,
            Int(status.st_size) == header.fileBytes
        else { throw .damaged }
        return header
    }

    deinit { close(descriptor) }

    /// One page, or a state.
    func page(_ index: Int) throws(PrefixFileError) -> AlignedMemory {
        guard header.checksums.indices.contains(index) else { throw .damaged }
        let offset = PrefixFileHeader.byteCount + index * header.pageBytes
        let page = try Self.read(descriptor, at: offset, count: header.pageBytes)
        guard Checksum.of(UnsafeRawBufferPointer(page.bytes)) == header.checksums[index] else { throw .damaged }
        return page
    }

    private static func read(
        _ descriptor: Int32, at offset: Int, count: Int
    ) throws(PrefixFileError) -> AlignedMemory {
        guard let memory = AlignedMemory(byteCount: count) else { throw .unreadable }
        var done = 0
        while done < count {
            let got = pread(descriptor, memory.bytes.baseAddress! + done, count - done, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable }
            guard got > 0 else { throw .damaged }
            done += got
        }
        return memory
    }

    /// Writes a file in one step: it is whole or not there. Whatever a power cut leaves, checksums find out.
    /// - Returns: whether it was written.
    static func write(_ header: PrefixFileHeader, _ pages: [AlignedMemory], to path: String) -> Bool {
        let temporary = path + ".\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return false }
        var isWhole = header.encoded().withUnsafeBytes { writeAll($0, to: descriptor) }
        for page in pages where isWhole {
            isWhole = writeAll(UnsafeRawBufferPointer(page.bytes), to: descriptor)
        }
        close(descriptor)
        if isWhole, rename(temporary, path) == 0 { return true }
        unlink(temporary)
        return false
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            #if canImport(Glibc)
                let put = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            #elseif canImport(Musl)
                let put = Musl.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            #else
                let put = Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            #endif
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { return false }
            done += put
        }
        return true
    }
}

/// Names, sizes and times of the files of a cache on disk.
struct PrefixFileListing: Sendable {
    struct File: Sendable {
        var path: String
        var byteCount: Int
        /// Of last use, in nanoseconds since 1970.
        var time: Int
    }

    static let suffix = ".kv"

    /// In the order of their use, the oldest first.
    let files: [File]

    var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// Lists the files of all models below `folder`; what writers that died left unfinished is deleted.
    init(folder: String) {
        var files: [File] = []
        let now = Self.now
        for model in Self.names(in: folder) {
            for name in Self.names(in: "\(folder)/\(model)") {
                let path = "\(folder)/\(model)/\(name)"
                var status = stat()
                guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                #if canImport(Darwin)
                    let modified = status.st_mtimespec
                #else
                    let modified = status.st_mtim
                #endif
                let time = Int(modified.tv_sec) * 1_000_000_000 + Int(modified.tv_nsec)
                if name.hasSuffix(Self.suffix) {
                    files.append(File(path: path, byteCount: Int(status.st_size), time: time))
                } else if name.contains(Self.suffix + "."), name.hasSuffix(".new"), now - time > 60_000_000_000 {
                    unlink(path)
                }
            }
        }
        self.files = files.sorted { $0.time < $1.time }
    }

    /// Nanoseconds since 1970.
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }

    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    static func remove(_ path: String) { unlink(path) }

    /// Sets the time of last use of some files: the first is the last to give way.
    static func touch(_ paths: [String]) {
        let now = now
        for (index, path) in paths.enumerated() {
            let time = now + (paths.count - index) * 1000
            let stamp = timespec(tv_sec: time / 1_000_000_000, tv_nsec: time % 1_000_000_000)
            _ = utimensat(AT_FDCWD, path, [stamp, stamp], AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Makes a folder and those above it; what it holds came from prompts, so it is its owner's only.
    /// - Returns: whether it is there.
    static func makeFolder(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return access(path, W_OK | X_OK) == 0 }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return false }
        return makeFolder(String(path[..<slash])) && mkdir(path, 0o700) == 0
    }
}
