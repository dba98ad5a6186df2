package import ModelFiles
package import Tensors

/// Writes a model as one GGUF file, tensor after tensor, in little memory.
///
/// The source's tensors are decoded and encoded row by row on all threads; only a slab of encoded rows waits to be
/// written. The file has another name until it is whole.
package struct ModelConversion {
    private let source: any ModelSource
    private let plan: ConversionPlan
    private let compute: Compute

    /// Encoded bytes that are written at a time.
    private static let slabByteCount = 8 << 20

    package init(_ source: any ModelSource, _ plan: ConversionPlan, compute: Compute) {
        self.source = source
        self.plan = plan
        self.compute = compute
    }

    /// - Parameters:
    ///   - overwrites: whether a file at `path` may be replaced.
    ///   - goOn: asked several times a second; false stops and leaves nothing behind.
    ///   - advance: told how many of the source's bytes have been dealt with since the last call.
    package func write(
        to path: String, overwrites: Bool, goOn: () -> Bool, advance: (Int) -> Void
    ) throws(ConversionError) {
        try FileReplacement.writeModel(path, byteCount: plan.byteCount, overwrites: overwrites) {
            temporary throws(ConversionError) in
            try write(temporary, goOn: goOn, advance: advance)
        }
    }

    private func write(
        _ path: String, goOn: () -> Bool, advance: (Int) -> Void
    ) throws(ConversionError) {
        var writer: GGUFWriter
        do { writer = try GGUFWriter(path: path, header: plan.header) } catch { throw .file(error) }
        let slab = Slab(threads: compute.pool.threadCount)
        for entry in plan.entries {
            let tensor: GGUFTensor?
            do { tensor = try source.tensor(entry.source.name) } catch { throw .unreadable(error) }
            guard let tensor, tensor.type == entry.source.type, tensor.shape == entry.source.shape else {
                let reason = "it is not what was announced"
                throw .unreadable(UnreadableTensor(name: entry.source.name, file: source.path, reason: reason))
            }
            if entry.type == tensor.type {
                try copy(tensor, to: &writer, goOn: goOn, advance: advance)
            } else {
                try encode(tensor, as: entry.type, slab, to: &writer, goOn: goOn, advance: advance)
            }
            source.release(entry.source.name)
        }
        do { try writer.finish() } catch { throw .file(error) }
    }

    private func copy(
        _ tensor: GGUFTensor, to writer: inout GGUFWriter, goOn: () -> Bool, advance: (Int) -> Void
    ) throws(ConversionError) {
        for first in stride(from: 0, to: tensor.byteCount, by: Self.slabByteCount) {
            guard goOn() else { throw .cancelled }
            let part = unsafe tensor.data[first..<min(tensor.byteCount, first + Self.slabByteCount)]
            do { try unsafe writer.append(UnsafeRawBufferPointer(rebasing: part)) } catch { throw .file(error) }
            unsafe advance(part.count)
        }
    }

    private func encode(
        _ tensor: GGUFTensor, as type: TensorType, _ slab: Slab, to writer: inout GGUFWriter, goOn: () -> Bool,
        advance: (Int) -> Void
    ) throws(ConversionError) {
        let columns = tensor.shape.first ?? 1
        let rows = tensor.shape.dropFirst().reduce(1, *)
        guard let encoder = RowEncoder(type, columns: columns),
            let matrix = unsafe Matrix(type: tensor.type, rows: rows, columns: columns, data: tensor.data)
        else { throw .unencodable(tensor: tensor.name, shape: tensor.shape, type: type, file: source.path) }
        let means = plan.importance?.means(of: tensor.name)
        let matrices = tensor.shape.dropFirst(2).reduce(1, *)
        let importance = means?.count == columns * matrices ? means : nil
        let rowsPerSlab = max(1, min(rows, Self.slabByteCount / encoder.rowBytes))
        slab.reserve(byteCount: rowsPerSlab * encoder.rowBytes, columns: columns)
        let work = RowWork(
            matrix: matrix, encoder: encoder, importance: importance, rowsPerMatrix: rows / matrices)
        for first in stride(from: 0, to: rows, by: rowsPerSlab) {
            guard goOn() else { throw .cancelled }
            let range = first..<min(rows, first + rowsPerSlab)
            if let (row, defect) = work.run(range, slab, compute) {
                throw switch defect {
                case .notFinite: ConversionError.notFinite(tensor: tensor.name, row: row, file: source.path)
                case .tooLarge(let value):
                    ConversionError.tooLarge(
                        tensor: tensor.name, row: row, value: value, type: type, file: source.path)
                }
            }
            do {
                try unsafe writer.append(UnsafeRawBufferPointer(slab.bytes(range.count * encoder.rowBytes)))
            } catch { throw .file(error) }
            advance(range.count * matrix.rowBytes)
        }
    }
}

/// Memory for rows on their way from one type to another.
private final class Slab {
    private let threads: Int
    private var encoded = AlignedMemory(byteCount: 1)!
    private var decoded: [FloatBuffer]
    let scratch: [RowEncoder.Scratch]

    init(threads: Int) {
        self.threads = threads
        decoded = (0..<threads).map { _ in FloatBuffer() }
        scratch = (0..<threads).map { _ in RowEncoder.Scratch() }
    }

    func reserve(byteCount: Int, columns: Int) {
        for buffer in decoded { buffer.reserve(columns) }
        guard unsafe byteCount > encoded.bytes.count else { return }
        guard let memory = AlignedMemory(byteCount: byteCount) else {
            fatalError("the system refused \(byteCount) bytes for encoded rows")
        }
        encoded = memory
    }

    func bytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: encoded.bytes[..<count])
    }

    func floats(of thread: Int) -> UnsafeMutablePointer<Float> { unsafe decoded[thread].pointer }
}

/// Rows of one tensor that are decoded and encoded.
private struct RowWork {
    let matrix: Matrix
    let encoder: RowEncoder
    /// [matrices, columns]
    let importance: [Float]?
    /// Rows that share their importance.
    let rowsPerMatrix: Int

    /// Encodes `rows` into the slab; returns the first row that has a defect.
    func run(_ rows: Range<Int>, _ slab: Slab, _ compute: Compute) -> (row: Int, defect: RowEncoder.Defect)? {
        let rowsPerChunk = max(1, (1 << 16) / encoder.columns)
        let chunks = (rows.count + rowsPerChunk - 1) / rowsPerChunk
        let target = unsafe slab.bytes(rows.count * encoder.rowBytes).baseAddress!
        // Each chunk writes its own element.
        var defects = [(row: Int, defect: RowEncoder.Defect)?](repeating: nil, count: chunks)
        unsafe defects.withUnsafeMutableBufferPointer { defects in
            compute.pool.run(chunks) { chunk, thread in
                let floats = unsafe slab.floats(of: thread)
                let first = rows.lowerBound + chunk * rowsPerChunk
                for row in first..<min(rows.upperBound, first + rowsPerChunk) {
                    unsafe compute.decodeRow(row, of: matrix, into: floats)
                    let defect = unsafe withImportance(of: row) { importance in
                        unsafe encoder.encode(
                            floats, importance: importance,
                            to: target + (row - rows.lowerBound) * encoder.rowBytes, slab.scratch[thread])
                    }
                    if let defect {
                        unsafe defects[chunk] = (row, defect)
                        return
                    }
                }
            }
        }
        return defects.lazy.compactMap { $0 }.first
    }

    private func withImportance<Result>(of row: Int, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
        guard let importance else { return body(nil) }
        return unsafe importance.withUnsafeBufferPointer {
            unsafe body($0.baseAddress! + row / rowsPerMatrix * encoder.columns)
        }
    }
}
