package import ModelFiles
internal import Tensors

/// Why a file could not be read as an importance matrix.
package enum ImportanceError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(GGUFError)
    case unreadableFile(FileError)
    case notImportance(file: String)
    case halfEntry(tensor: String, file: String)
    case invalidValues(tensor: String, file: String)
    case damaged(file: String, offset: Int)

    package var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .unreadableFile(let error): error.description
        case .notImportance(let file):
            "\(file) holds no importance matrix. Make one: martlet model imatrix MODEL TEXT \(file)"
        case .halfEntry(let tensor, let file):
            "\(file) has sums or counts of '\(tensor)' that do not belong together. Measure the importance again."
        case .invalidValues(let tensor, let file):
            "\(file) has values of '\(tensor)' that are no sums of squares. Measure the importance again."
        case .damaged(let file, let offset):
            "\(file) is damaged: what stands at byte \(offset) cannot be. Measure the importance again."
        }
    }
}

extension ImportanceMatrix {
    private static let sumSuffix = ".in_sum2"
    private static let countSuffix = ".counts"

    /// Reads llama.cpp's format: a GGUF file of sums and counts, or the older one without metadata.
    package static func read(_ path: String) throws(ImportanceError) -> ImportanceMatrix {
        let image: MappedFile
        do { image = try MappedFile(path: path) } catch { throw .unreadableFile(error) }
        let matrix =
            unsafe image.bytes.starts(with: "GGUF".utf8) ? try read(gguf: image) : try read(legacy: image)
        for (name, entry) in matrix.entries {
            let isValid = { (value: Float) in value.isFinite && value >= 0 }
            guard entry.sums.allSatisfy(isValid), entry.counts.allSatisfy(isValid) else {
                throw .invalidValues(tensor: name, file: path)
            }
        }
        return matrix
    }

    private static func read(gguf image: MappedFile) throws(ImportanceError) -> ImportanceMatrix {
        let file: GGUFFile
        do { file = try GGUFFile(image: image) } catch { throw .unreadable(error) }
        var entries: [String: Entry] = [:]
        for tensor in file.orderedTensors where tensor.name.hasSuffix(sumSuffix) {
            let name = String(tensor.name.dropLast(sumSuffix.count))
            guard let counts = file.tensors[name + countSuffix], counts.type == .f32, tensor.type == .f32,
                counts.elementCount > 0, tensor.elementCount % counts.elementCount == 0
            else { throw .halfEntry(tensor: name, file: image.path) }
            entries[name] = unsafe Entry(sums: floats(tensor.data), counts: floats(counts.data))
        }
        guard !entries.isEmpty else { throw .notImportance(file: image.path) }
        let datasets = file.metadata.strings("imatrix.datasets") ?? ByteStrings()
        return ImportanceMatrix(
            entries: entries, datasets: datasets.map { String(decoding: $0, as: UTF8.self) },
            chunkCount: file.metadata.unsigned("imatrix.chunk_count") ?? 0,
            chunkSize: file.metadata.unsigned("imatrix.chunk_size") ?? 0)
    }

    /// Count of entries; of each the name, a count of calls, and means times that count; then calls and data set.
    private static func read(legacy image: MappedFile) throws(ImportanceError) -> ImportanceMatrix {
        var reader = LegacyReader(image: image)
        let count = try reader.integer()
        guard count > 0, count < 1 << 20 else { throw .notImportance(file: image.path) }
        var entries: [String: Entry] = [:]
        for _ in 0..<count {
            let name = unsafe String(decoding: try reader.bytes(try reader.integer()), as: UTF8.self)
            let calls = try reader.integer()
            let values = try reader.integer()
            guard values > 0, values < 1 << 40 else { throw .damaged(file: image.path, offset: reader.offset) }
            let sums = unsafe floats(try reader.bytes(values * 4))
            entries[name] = Entry(sums: sums, counts: [Float(max(1, calls))])
        }
        var matrix = ImportanceMatrix(entries: entries, datasets: [], chunkCount: 0, chunkSize: 0)
        // What follows may be missing.
        if let chunks = try? reader.integer() {
            matrix.chunkCount = max(0, chunks)
            if let length = try? reader.integer(), length > 0, let name = unsafe try? reader.bytes(length) {
                matrix.datasets = unsafe [String(decoding: name, as: UTF8.self)]
            }
        }
        return matrix
    }

    private static func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        (0..<bytes.count / 4).map {
            unsafe Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
    }

    /// Writes llama.cpp's GGUF format in one step.
    package func write(to path: String) throws(FileError) {
        var header = GGUFHeader()
        header.set("general.type", .string("imatrix"))
        header.set("imatrix.datasets", .array(elementType: .string, datasets.map { .string($0) }))
        header.set("imatrix.chunk_count", .uint32(UInt32(clamping: chunkCount)))
        header.set("imatrix.chunk_size", .uint32(UInt32(clamping: chunkSize)))
        let names = entries.keys.sorted()
        for name in names {
            guard let entry = entries[name] else { continue }
            header.add(name + Self.sumSuffix, .f32, shape: [entry.columns, entry.counts.count])
            header.add(name + Self.countSuffix, .f32, shape: [1, entry.counts.count])
        }
        try FileReplacement.write(path) { temporary throws(FileError) in
            var writer = try GGUFWriter(path: temporary, header: header)
            for name in names {
                guard let entry = entries[name] else { continue }
                try writer.append(Self.bytes(entry.sums))
                try writer.append(Self.bytes(entry.counts))
            }
            try writer.finish()
        }
    }

    private static func bytes(_ floats: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * floats.count)
        for value in floats {
            let bits = value.bitPattern.littleEndian
            unsafe withUnsafeBytes(of: bits) { unsafe bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

/// Walks over a file of 32-bit integers and bytes.
private struct LegacyReader {
    let image: MappedFile
    private(set) var offset = 0

    init(image: MappedFile) { self.image = image }

    mutating func integer() throws(ImportanceError) -> Int {
        let bytes = try unsafe bytes(4)
        return unsafe Int(Int32(littleEndian: bytes.loadUnaligned(as: Int32.self)))
    }

    mutating func bytes(_ count: Int) throws(ImportanceError) -> UnsafeRawBufferPointer {
        guard count >= 0, unsafe count <= image.bytes.count - offset else {
            throw .damaged(file: image.path, offset: offset)
        }
        defer { offset += count }
        return unsafe UnsafeRawBufferPointer(rebasing: image.bytes[offset..<offset + count])
    }
}
