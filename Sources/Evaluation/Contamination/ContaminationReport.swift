/// What of a suite is in a corpus.
package struct ContaminationReport: Hashable, Sendable, Codable {
    /// What is said of one item.
    package struct Item: Hashable, Sendable, Codable {
        package var id: String
        package var verbatim: Overlap
        /// Of its code whatever its names; without runs for an item that is no code, or too short.
        package var renamed: Overlap
        package var verdict: ContaminationVerdict

        package init(id: String, verbatim: Overlap, renamed: Overlap, _ thresholds: ContaminationThresholds) {
            self.id = id
            self.verbatim = verbatim
            self.renamed = renamed
            verdict =
                if verbatim.passageShare >= thresholds.verbatimShare {
                    .verbatim
                } else if renamed.passageShare >= thresholds.renamedShare,
                    renamed.passage?.grams ?? 0 >= thresholds.renamedGrams
                {
                    .renamed
                } else {
                    .clean
                }
        }
    }

    package var thresholds: ContaminationThresholds
    package var documents: Int
    package var byteCount: Int
    /// In the order of the suite.
    package var items: [Item]

    /// How many items are found so.
    package func count(_ verdict: ContaminationVerdict) -> Int { items.count { $0.verdict == verdict } }
}
