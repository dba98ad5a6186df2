import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How one tensor under its GGUF name comes about.
struct TensorRecipe: Sendable {
    let description: TensorDescription
    /// One after another, of one shape.
    private let pieces: [any StoredWeight]
    private let change: TensorChange
    /// Matrices of each piece, before and after the change.
    private let matrices: Int
    private let rows: Int
    private let columns: Int
    private let chosenRows: [Int]?
    private let chosenColumns: [Int]?

    /// - Parameters:
    ///   - isStacked: whether the pieces are the matrices of one tensor with one more extent.
    ///   - dequantised: what values that were quantised become, instead of what the reference package gives.
    /// - Throws: why the pieces do not fit.
    init(
        _ name: String, pieces: [any StoredWeight], isStacked: Bool, change: TensorChange,
        dequantised: TensorType?
    ) throws(RecipeError) {
        let first = pieces[0]
        for piece in pieces where piece.shape != first.shape {
            throw RecipeError(reason: "its parts have different shapes, \(first.shape) and \(piece.shape)")
        }
        var shape = first.shape
        if change.squeezes {
            guard shape.last != 1 || shape.count < 2 else {
                throw RecipeError(reason: "its shape \(shape) ends in one")
            }
            shape.removeAll { $0 == 1 }
        }
        // One extent is one row, unless rows are to be chosen: then it is one column.
        let isColumn = shape.count < 2 && change.rows != nil
        if isColumn { shape = [shape.first ?? 1, 1] }
        guard shape.allSatisfy({ $0 > 0 }) else { throw RecipeError(reason: "its shape \(first.shape) is empty") }

        var (matrices, rows, columns) = (
            shape.dropLast(2).reduce(1, *), shape.count < 2 ? 1 : shape[shape.count - 2], shape.last ?? 1
        )
        var leading = Array(shape.dropLast(2))
        if let parts = change.matrices {
            guard parts > 0, rows % parts == 0 else {
                throw RecipeError(reason: "\(rows) rows are not those of \(parts) heads")
            }
            rows /= parts
            matrices *= parts
            leading.append(parts)
        }
        chosenRows = try Self.choose(change.rows, of: rows, "rows")
        chosenColumns = try Self.choose(change.columns, of: columns, "columns")
        self.pieces = pieces
        self.change = change
        self.matrices = matrices
        self.rows = rows
        self.columns = columns

        var matrix = [chosenRows?.count ?? rows, chosenColumns?.count ?? columns]
        if change.transposes { matrix.reverse() }
        var result = (isStacked ? [pieces.count] : []) + leading
        if isColumn { result.append(matrix[0]) } else { result += shape.count < 2 ? [matrix[1]] : matrix }
        guard isStacked || pieces.count == 1 else { throw RecipeError(reason: "it has several parts") }
        var type = first.type
        if let dequantised, !first.isPlain, type.elementsPerBlock == 1 { type = dequantised }
        if result.count < 2 || Self.keepsFloat32(name) { type = .f32 }
        let isChanged = change.transposes || chosenColumns != nil || change.elements != nil
        if type.elementsPerBlock > 1, isChanged || type.rowBytes(result.last ?? 1) == nil { type = .bf16 }
        description = TensorDescription(name: name, type: type, shape: result.reversed())
        guard Self.byteCount(type, result) != nil else {
            throw RecipeError(reason: "its shape \(result) is impossible")
        }
    }

    /// GGUF keeps norms, routers and other small things in float32, whatever the rest is.
    private static func keepsFloat32(_ name: String) -> Bool {
        let ends = [
            "_norm.weight", ".ffn_gate_inp.weight", ".ffn_gate_inp_shexp.weight", ".ssm_conv1d.weight",
            ".indexer.proj.weight",
        ]
        return !name.hasSuffix(".weight") || ends.contains { name.hasSuffix($0) }
    }

    private static func choose(
        _ choice: IndexChoice?, of extent: Int, _ what: String
    ) throws(RecipeError) -> [Int]? {
        guard let choice else { return nil }
        guard let indices = choice.indices(of: extent), !indices.isEmpty else {
            throw RecipeError(reason: "\(extent) \(what) do not divide as its configuration says")
        }
        return indices
    }

    private static func byteCount(_ type: TensorType, _ shape: [Int]) -> Int? {
        var bytes = type.rowBytes(shape.last ?? 1)
        for extent in shape.dropLast() {
            let product = bytes?.multipliedReportingOverflow(by: extent)
            bytes = product.flatMap { $0.overflow ? nil : $0.partialValue }
        }
        return bytes
    }

    var byteCount: Int { Self.byteCount(description.type, description.shape.reversed()) ?? 0 }

    /// The bytes in the file, where they are what is wanted as they are.
    var mapped: UnsafeRawBufferPointer? {
        guard pieces.count == 1, pieces[0].type == description.type, chosenRows == nil, chosenColumns == nil,
            !change.transposes, change.elements == nil, let bytes = unsafe pieces[0].mapped
        else { return nil }
        let size = description.type.bytesPerBlock
        guard UInt(bitPattern: bytes.baseAddress) % UInt(size) == 0 else { return nil }
        return unsafe bytes
    }
}

/// Why pieces of a checkpoint do not make a tensor.
struct RecipeError: Error {
    /// Reads on after "of tensor 'x', ".
    let reason: String
}

extension TensorRecipe {
    /// Fills `target` with all bytes of the tensor, with several threads where that pays.
    func write(into target: UnsafeMutableRawBufferPointer) {
        let whole = unsafe WritableBytes(target)
        let matrixCount = pieces.count * matrices
        let outRows = change.transposes ? 1 : chosenRows?.count ?? rows
        // About a megabyte each, so that threads finish together.
        let perMatrix = chosenColumns == nil ? max(1, min(outRows, (byteCount / matrixCount) >> 20)) : 1
        let fill = { (unit: Int) in
            let (index, part) = (unit / perMatrix, unit % perMatrix)
            let range = part * outRows / perMatrix..<(part + 1) * outRows / perMatrix
            write(matrix: index, rows: range, into: whole.part(index, of: matrixCount))
        }
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        guard byteCount > 4 << 20, cores > 1 else { return (0..<matrixCount * perMatrix).forEach(fill) }
        let units = matrixCount * perMatrix
        let chunks = min(units, 4096)
        ComputePool(threadCount: min(cores, 64)).run(chunks) { chunk, _ in
            (chunk * units / chunks..<(chunk + 1) * units / chunks).forEach(fill)
        }
    }

    private func write(matrix: Int, rows range: Range<Int>, into target: WritableBytes) {
        let piece = pieces[matrix / matrices]
        let firstRow = matrix % matrices * rows
        guard !change.transposes, chosenColumns == nil else {
            return writeRearranged(piece, firstRow: firstRow, into: target)
        }
        let count = chosenRows?.count ?? rows
        let isCopied = change.elements == nil && piece.type == description.type
        var floats = [Float](repeating: 0, count: columns)
        for row in range {
            let source = firstRow + (chosenRows?[row] ?? row)
            let part = target.part(row, of: count)
            if isCopied, let bytes = unsafe piece.mapped {
                let size = unsafe part.bytes.count
                unsafe part.bytes.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[source * size..<(source + 1) * size]))
            } else if isCopied, piece.type.elementsPerBlock > 1 {
                unsafe piece.copyBlocks(row: source, into: part.bytes)
            } else {
                unsafe floats.withUnsafeMutableBufferPointer { buffer in
                    unsafe decode(piece, row: source, into: buffer)
                    unsafe change.elements?.apply(buffer)
                    unsafe description.type.encode(buffer, into: part.bytes)
                }
            }
        }
    }

    /// `columns` elements; a vector whose elements count as rows has one in each.
    private func decode(_ piece: any StoredWeight, row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        guard columns == 1, piece.rowLength != 1 else { return unsafe piece.decode(row: row, into: target) }
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: piece.rowLength) { whole in
            unsafe piece.decode(row: row / piece.rowLength, into: whole)
            unsafe target[0] = whole[row % piece.rowLength]
        }
    }

    /// Through a copy of the whole matrix.
    private func writeRearranged(_ piece: any StoredWeight, firstRow: Int, into target: WritableBytes) {
        let rowList = chosenRows ?? Array(0..<rows)
        let columnList = chosenColumns ?? Array(0..<columns)
        var matrix = [Float](repeating: 0, count: rows * columns)
        unsafe matrix.withUnsafeMutableBufferPointer { matrix in
            for row in 0..<rows {
                unsafe piece.decode(
                    row: firstRow + row,
                    into: UnsafeMutableBufferPointer(rebasing: matrix[row * columns..<(row + 1) * columns]))
            }
        }
        let (outer, inner) = change.transposes ? (columnList, rowList) : (rowList, columnList)
        var floats = [Float](repeating: 0, count: inner.count)
        for (row, first) in outer.enumerated() {
            for (column, second) in inner.enumerated() {
                floats[column] = change.transposes ? matrix[second * columns + first] : matrix[first * columns + second]
            }
            unsafe floats.withUnsafeMutableBufferPointer { buffer in
                unsafe change.elements?.apply(buffer)
                unsafe description.type.encode(buffer, into: target.part(row, of: outer.count).bytes)
            }
        }
    }
}

/// Memory that threads fill, each a part of its own.
@safe
private struct WritableBytes: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = bytes }

    /// One of `count` parts of equal size.
    func part(_ index: Int, of count: Int) -> WritableBytes {
        let size = unsafe bytes.count / count
        return unsafe WritableBytes(UnsafeMutableRawBufferPointer(rebasing: bytes[index * size..<(index + 1) * size]))
    }
}

extension TensorType {
    /// Writes floats as one of the plain types, rounded to nearest, ties to even.
    func encode(_ floats: UnsafeMutableBufferPointer<Float>, into target: UnsafeMutableRawBufferPointer) {
        switch self {
        case .f32:
            for i in floats.indices {
                unsafe target.storeBytes(of: floats[i].bitPattern, toByteOffset: 4 * i, as: UInt32.self)
            }
        case .f16:
            for i in floats.indices {
                unsafe target.storeBytes(of: Float16(floats[i]).bitPattern, toByteOffset: 2 * i, as: UInt16.self)
            }
        case .bf16:
            for i in floats.indices {
                unsafe target.storeBytes(of: Self.bfloat16(floats[i]), toByteOffset: 2 * i, as: UInt16.self)
            }
        case .i32:
            // Numbers of experts; one that does not fit is refused by who reads it.
            for i in floats.indices {
                unsafe target.storeBytes(of: Int32(exactly: floats[i]) ?? -1, toByteOffset: 4 * i, as: Int32.self)
            }
        default: preconditionFailure("\(name) is no plain type")
        }
    }

    private static func bfloat16(_ value: Float) -> UInt16 {
        guard !value.isNaN else { return 0x7FC0 }
        let bits = value.bitPattern
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}
