/// Looks for the items of a suite in a corpus that comes document by document, each seen once and let go.
package struct ContaminationScan {
    private let items: [ContaminationItem]
    private let thresholds: ContaminationThresholds
    private var text: OverlapProbe
    private var code: OverlapProbe
    private var renamed: OverlapProbe
    private var documents = 0
    private var byteCount = 0

    package init(_ items: [ContaminationItem], thresholds: ContaminationThresholds = .init()) {
        self.items = items
        self.thresholds = thresholds
        text = Self.probe(items, of: .text, thresholds, length: thresholds.textLength, VerbatimGrams.visit)
        code = Self.probe(items, of: .code, thresholds, length: thresholds.codeLength, VerbatimGrams.visit)
        renamed = Self.probe(items, of: .code, thresholds, length: thresholds.renamedLength, RenamedGrams.visit)
    }

    private static func probe(
        _ items: [ContaminationItem], of kind: ContaminationItem.Kind, _ thresholds: ContaminationThresholds,
        length: Int,
        _ visit: ([UInt8], Int, (Gram) -> Void) -> Void
    ) -> OverlapProbe {
        let grams = items.map { item in
            var grams: [UInt64] = []
            if item.kind == kind { visit(Array(item.text.utf8), length) { grams.append($0.hash) } }
            return grams
        }
        return OverlapProbe(GramIndex(grams, itemsOfRun: thresholds.itemsOfRun), length: length)
    }

    /// Looks through a document, or a piece of one.
    /// - Parameters:
    ///   - document: what the report calls it.
    ///   - firstLine: of the piece in the document.
    package mutating func scan(_ bytes: [UInt8], document: String, firstLine: Int = 1) {
        if firstLine == 1 { documents += 1 }
        byteCount += bytes.count
        if !text.isEmpty {
            VerbatimGrams.visit(bytes, length: thresholds.textLength) { text.see($0) }
            text.end(document: document, firstLine: firstLine)
        }
        if !code.isEmpty {
            VerbatimGrams.visit(bytes, length: thresholds.codeLength) { code.see($0) }
            code.end(document: document, firstLine: firstLine)
        }
        if !renamed.isEmpty {
            RenamedGrams.visit(bytes, length: thresholds.renamedLength) { renamed.see($0) }
            renamed.end(document: document, firstLine: firstLine)
        }
    }

    /// What was found so far.
    package var report: ContaminationReport {
        ContaminationReport(
            thresholds: thresholds, documents: documents, byteCount: byteCount,
            items: items.enumerated().map { index, item in
                ContaminationReport.Item(
                    id: item.id, verbatim: (item.kind == .text ? text : code).overlap(of: index),
                    renamed: renamed.overlap(of: index), thresholds)
            })
    }
}
