#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CPlatform

/// The entries of one folder, read at once and sorted as paths below it sort.
struct FolderListing {
    struct Entry {
        /// Of its name in `names`, without the zero byte behind it.
        let range: Range<Int>
        fileprivate(set) var kind: FileKind
    }

    /// Each followed by a zero byte.
    private(set) var names: [UInt8] = []
    private(set) var entries: [Entry] = []

    /// Whether it is a repository's top: there is an entry `.git`, which is not among `entries`.
    private(set) var hasGit = false
    /// Whether there is a regular file `.gitignore`.
    private(set) var hasIgnoreFile = false

    /// - Parameter descriptor: of a folder that was just opened; stays open. Nil with `errno` set on failure.
    init?(of descriptor: Int32) {
        let code = unsafe withUnsafeMutablePointer(to: &self) { listing in
            unsafe mp_list_folder(descriptor, listing) { listing, name, count, type in
                // SAFETY: these are the listing that was handed over and a name that ends with a zero byte.
                let listing = unsafe listing!.assumingMemoryBound(to: FolderListing.self)
                unsafe listing.pointee.append(UnsafeBufferPointer(start: name, count: count), FileKind(type))
            }
        }
        guard code == 0 else { return nil }
        for index in entries.indices where entries[index].kind == .unknown {
            // Sorting needs to know which are folders.
            entries[index].kind = status(entries[index], in: descriptor)?.kind ?? .unknown
        }
        sort()
    }

    private mutating func append(_ name: UnsafeBufferPointer<CChar>, _ kind: FileKind) {
        let start = names.count
        for index in name.indices { unsafe names.append(UInt8(bitPattern: name[index])) }
        let bytes = names[start...]
        let isListed =
            if bytes.first != UInt8(ascii: ".") {
                true
            } else if bytes.elementsEqual(".git".utf8) {
                false
            } else {
                !bytes.elementsEqual(".".utf8) && !bytes.elementsEqual("..".utf8)
            }
        guard isListed else {
            if bytes.elementsEqual(".git".utf8) { hasGit = true }
            names.removeSubrange(start...)
            return
        }
        if kind == .file, bytes.elementsEqual(".gitignore".utf8) { hasIgnoreFile = true }
        entries.append(Entry(range: start..<names.count, kind: kind))
        names.append(0)
    }

    /// By the bytes of the names, folders as if a slash ended theirs: walked in this order, all paths come out sorted.
    private mutating func sort() {
        unsafe names.withUnsafeBufferPointer { names in
            entries.sort { a, b in
                let count = min(a.range.count, b.range.count)
                // SAFETY: the ranges lie in the names, and names of the system are never empty.
                let order = unsafe memcmp(
                    names.baseAddress! + a.range.lowerBound, names.baseAddress! + b.range.lowerBound, count)
                if order != 0 { return order < 0 }
                func next(_ entry: Entry) -> UInt8 {
                    if entry.range.count > count { return unsafe names[entry.range.lowerBound + count] }
                    return entry.kind == .folder ? UInt8(ascii: "/") : 0
                }
                return next(a) < next(b)
            }
        }
    }
}

extension FileKind {
    /// - Parameter type: a constant of the system, `DT_…`.
    fileprivate init(_ type: UInt8) {
        self =
            switch Int32(type) {
            case Int32(DT_REG): .file
            case Int32(DT_DIR): .folder
            case Int32(DT_LNK): .symbolicLink
            case Int32(DT_UNKNOWN): .unknown
            default: .special
            }
    }
}
