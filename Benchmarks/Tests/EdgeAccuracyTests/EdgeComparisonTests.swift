import EdgeAccuracy
import Testing

@Suite("Edges beside a reference")
struct EdgeComparisonTests {
    private let graph = CodeEdges(
        symbols: [
            .init(id: "0", path: "a.py", line: 1, name: "load", kind: "function"),
            .init(id: "1", path: "b.py", line: 9, name: "save", kind: "function"),
        ],
        edges: [
            .init(to: "0", kind: "call", provenance: "import-resolved", path: "c.py", line: 1, column: 1),
            .init(to: "0", kind: "call", provenance: "type-inferred", path: "c.py", line: 2, column: 1),
            .init(to: "1", kind: "call", provenance: "unique-name", path: "c.py", line: 3, column: 1),
            .init(to: "1", kind: "call", provenance: "ambiguous", path: "c.py", line: 4, column: 1),
            .init(to: "1", kind: "call", provenance: "import-resolved", path: "c.py", line: 5, column: 1),
            .init(to: "1", kind: "call", provenance: "import-resolved", path: "c.py", line: 6, column: 1),
            .init(to: "1", kind: "call", provenance: "import-resolved", path: "c.py", line: 7, column: 1),
        ])

    private func use(_ line: Int, _ to: [ReferenceUse.Definition], why: String? = nil) -> ReferenceUse {
        ReferenceUse(kind: "call", path: "c.py", line: line, column: 1, name: "load", to: to, why: why)
    }

    @Test("right, wrong, by name only, ambiguous, outside, undecided and invented edges are counted as such")
    func outcomes() {
        let load = ReferenceUse.Definition(path: "a.py", line: 2)
        let save = ReferenceUse.Definition(path: "b.py", line: 9)
        let comparison = EdgeComparison(
            graph,
            reference: [
                use(1, [load]), use(2, [save]), use(3, [save]), use(4, [save]), use(5, [], why: "outside"),
                use(6, [], why: "undecided"), use(8, [load]),
            ])
        let score = comparison.score(kind: "call")
        #expect(score.recall == Share(1, of: 5))
        #expect(score.recallWithNames == Share(2, of: 5))
        // Lines 1, 2, 5 and the invented 7; 6 is left out.
        #expect(score.precision == Share(1, of: 4))
        #expect(score.byProvenance["unique-name"] == Share(1, of: 1))
        #expect(score.undecided == 1)
    }

    @Test("an interval contains its share, and is narrower the more there is")
    func intervals() {
        let small = Share(9, of: 10).interval
        let large = Share(900, of: 1000).interval
        #expect(small.contains(0.9) && large.contains(0.9))
        #expect(abs(large.lowerBound - 0.8798) < 1e-3 && abs(large.upperBound - 0.9171) < 1e-3)
        #expect(large.upperBound - large.lowerBound < small.upperBound - small.lowerBound)
    }
}
