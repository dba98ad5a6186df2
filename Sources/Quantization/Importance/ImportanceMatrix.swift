internal import ModelFiles
internal import Tensors

/// How strongly each input of a model's matrices is driven by real text: sums of squared activations per column.
///
/// Quantisation spends its precision where these are large.
package struct ImportanceMatrix: Sendable {
    package struct Entry: Sendable {
        /// [matrices, columns]: over all rows that went in.
        package var sums: [Float]
        /// [matrices]: how many rows those were.
        package var counts: [Float]

        package init(sums: [Float], counts: [Float]) {
            self.sums = sums
            self.counts = counts
        }

        package var columns: Int { counts.isEmpty ? 0 : sums.count / counts.count }
    }

    /// By the name of the tensor.
    package var entries: [String: Entry]
    /// Names of the texts that it was measured on.
    package var datasets: [String]
    package var chunkCount: Int
    /// Tokens of a chunk.
    package var chunkSize: Int

    package init(entries: [String: Entry], datasets: [String], chunkCount: Int, chunkSize: Int) {
        self.entries = entries
        self.datasets = datasets
        self.chunkCount = chunkCount
        self.chunkSize = chunkSize
    }

    /// Mean squared input of each column, [matrices, columns], or nil where nothing was measured.
    ///
    /// A matrix that no row went through counts all columns alike.
    package func means(of tensor: String) -> [Float]? {
        guard let entry = entries[tensor], !entry.counts.isEmpty else { return nil }
        let columns = entry.columns
        return entry.sums.indices.map { index in
            let count = entry.counts[index / columns]
            return count > 0 ? entry.sums[index] / count : 1
        }
    }

    /// Tensors of which some matrices (experts) saw no row.
    package var incompleteTensors: [String] {
        entries.filter { $0.value.counts.contains(0) }.keys.sorted()
    }
}
