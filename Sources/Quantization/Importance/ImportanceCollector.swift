package import ModelFiles
package import Tensors

/// Adds up the squared inputs of a model's matrices while it reads a text.
package final class ImportanceCollector: ProductObserver {
    @safe
    private struct Entry {
        var name: String
        var start: UnsafeRawPointer
        var byteCount: Int
        var columns: Int
        /// [matrices, columns]
        var sums: [Float]
        var counts: [Float]

        var matrixByteCount: Int { byteCount / counts.count }
    }

    /// By rising address.
    private var entries: [Entry] = []
    private var squares: [Float] = []

    /// Watches all matrices of `source` that a layer owns: embedding and output matrix are kept fine in any case.
    package init(_ source: any ModelSource) throws(UnreadableTensor) {
        for description in source.tensorDescriptions
        where description.name.hasPrefix("blk.") && description.extents.count >= 2 {
            guard let tensor = try source.tensor(description.name), let start = unsafe tensor.data.baseAddress else {
                continue
            }
            let columns = tensor.shape[0]
            let matrices = tensor.shape.dropFirst(2).reduce(1, *)
            unsafe entries.append(
                Entry(
                    name: tensor.name, start: start, byteCount: tensor.data.count, columns: columns,
                    sums: [Float](repeating: 0, count: matrices * columns),
                    counts: [Float](repeating: 0, count: matrices)))
        }
        entries.sort { unsafe $0.start < $1.start }
    }

    package func observe(_ matrices: [Matrix], rows: UnsafePointer<Float>, stride: Int, count: Int) {
        guard let columns = matrices.first?.columns, count > 0 else { return }
        var seen: (entry: Int, matrix: Int)?
        for matrix in matrices {
            guard matrix.columns == columns, let place = place(of: matrix), seen == nil || place != seen! else {
                continue
            }
            // Matrices that share their input share its squares.
            if seen == nil { unsafe sumSquares(rows, stride: stride, count: count, columns: columns) }
            seen = place
            let first = place.matrix * columns
            for i in 0..<columns { entries[place.entry].sums[first + i] += squares[i] }
            entries[place.entry].counts[place.matrix] += Float(count)
        }
    }

    private func sumSquares(_ rows: UnsafePointer<Float>, stride: Int, count: Int, columns: Int) {
        if squares.count < columns { squares = [Float](repeating: 0, count: columns) }
        unsafe squares.withUnsafeMutableBufferPointer { squares in
            for i in 0..<columns { unsafe squares[i] = 0 }
            for token in 0..<count {
                let row = unsafe rows + token * stride
                for i in 0..<columns { unsafe squares[i] += row[i] * row[i] }
            }
        }
    }

    /// The tensor that holds the matrix, and which of the tensor's matrices it is.
    private func place(of matrix: Matrix) -> (entry: Int, matrix: Int)? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if unsafe entries[middle].start <= matrix.data { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let entry = entries[low - 1]
        let offset = unsafe matrix.data - entry.start
        guard offset < entry.byteCount, entry.columns == matrix.columns else { return nil }
        return (low - 1, offset / entry.matrixByteCount)
    }

    /// What has been added up so far; tensors that nothing went through are left out.
    package func matrix(datasets: [String], chunkCount: Int, chunkSize: Int) -> ImportanceMatrix {
        var found: [String: ImportanceMatrix.Entry] = [:]
        for entry in entries where entry.counts.contains(where: { $0 > 0 }) {
            found[entry.name] = ImportanceMatrix.Entry(sums: entry.sums, counts: entry.counts)
        }
        return ImportanceMatrix(
            entries: found, datasets: datasets, chunkCount: chunkCount, chunkSize: chunkSize)
    }
}
