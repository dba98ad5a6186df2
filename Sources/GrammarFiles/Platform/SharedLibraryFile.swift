internal import ModelFiles

/// A look at a shared library before the system loads it: the loader maps what the headers promise, and a file that ends
/// before that ends the process with SIGBUS.
/// - SeeAlso: elf(5).
@safe
struct SharedLibraryFile {
    private let file: MappedFile

    init(path: String) throws(FileError) {
        file = try MappedFile(path: path)
    }

    /// Why it must not be loaded; nil when nothing speaks against it. macOS's loader checks by itself.
    var problem: String? {
        #if canImport(Darwin)
            unsafe file.bytes.isEmpty ? "it is empty" : nil
        #else
            elfProblem
        #endif
    }

    private var elfProblem: String? {
        guard unsafe file.bytes.count >= 64, integer(UInt32.self, 0) == 0x464C_457F else {
            return "it is no shared library"
        }
        // 64 bits, little-endian: as every machine that this program runs on.
        guard integer(UInt16.self, 4) == 0x0102 else { return "it is for another kind of processor" }
        guard let table = integer(UInt64.self, 32), let size = integer(UInt16.self, 54),
            let count = integer(UInt16.self, 56), size >= 56, fits(table, UInt64(size) * UInt64(count))
        else { return "its program headers are damaged" }
        for index in 0..<Int(count) {
            let entry = Int(table) + index * Int(size)
            // Only what is to be loaded lies in the file for certain.
            guard integer(UInt32.self, entry) == 1 else { continue }
            guard let offset = integer(UInt64.self, entry + 8), let length = integer(UInt64.self, entry + 32),
                fits(offset, length)
            else { return unsafe "it ends early, after \(ByteCount(file.bytes.count))" }
        }
        return nil
    }

    private func fits(_ offset: UInt64, _ length: UInt64) -> Bool {
        let (end, overflow) = offset.addingReportingOverflow(length)
        return unsafe !overflow && end <= UInt64(file.bytes.count)
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type, _ offset: Int) -> T? {
        guard offset >= 0, unsafe offset <= file.bytes.count - MemoryLayout<T>.size else { return nil }
        // SAFETY: checked just above; any alignment will do.
        return unsafe T(littleEndian: file.bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
