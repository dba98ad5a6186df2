#if os(Linux)
    import Evaluation
    import Foundation
    import Statistics
    import TestSupport
    import Testing

    @Suite("Texts of a suite in a corpus")
    struct ContaminationTests {
        private static let leaked = """
            def count_runs(values, limit):
                \"\"\"Count stretches of values whose sum stays below the limit.\"\"\"
                # The empty stretch counts, too.
                total, runs = 0, [1]
                for value in values:
                    if total + value < limit:
                        total += value
                        runs.append(total - len(values))
                    else:
                        total = value % 7
                return sorted(runs, reverse=True)[0] if runs else None
            """

        private func report(_ items: [ContaminationItem], _ documents: [(String, String)]) -> ContaminationReport {
            var scan = ContaminationScan(items)
            for (name, text) in documents { scan.scan(Array(text.utf8), document: name) }
            return scan.report
        }

        private func item(_ text: String, in document: String) -> ContaminationReport.Item {
            report([ContaminationItem(id: "a", text: text)], [("d", document)]).items[0]
        }

        @Test("finds planted functions of a seed, and no others")
        func synthetic() {
            let outcome = ContaminationExperiment.synthetic(items: 100, hosts: 40).run(seeds: 1...2)
            #expect(outcome.verbatim.value ?? 0 >= 0.95, "\(outcome)")
            #expect(outcome.renamed.value ?? 0 >= 0.8, "\(outcome)")
            #expect(outcome.falseAlarms.value ?? 1 <= 0.02, "\(outcome)")
        }

        @Test("finds HumanEval planted in Python's own library, and not where it was not planted")
        func humanEval() throws {
            let outcome = try ContaminationExperiment.humanEval().run(seeds: 1...1)
            #expect(outcome.verbatim.value ?? 0 >= 0.95, "\(outcome)")
            #expect(outcome.renamed.value ?? 0 >= 0.8, "\(outcome)")
            #expect(outcome.falseAlarms.value ?? 1 <= 0.02, "\(outcome)")
        }

        @Test("says where a copy begins, whatever its layout and the case of its letters")
        func place() {
            let copy = Self.leaked.uppercased().replacing("    ", with: "\t")
            let found = item(Self.leaked, in: "x = 1\n\n\n" + copy + "\ny = 2\n")
            #expect(found.verdict == .verbatim && found.verbatim.share == 1)
            #expect(found.verbatim.passage?.line == 4 && found.verbatim.passage?.document == "d")
        }

        private static let renamed = """
            import os

            def measure(seq,
                        top):
              acc, out = 0, [
                1,
              ]
              for s in seq:
                if acc + s < top:
                  acc += s   # so far
                  out.append(acc - len(seq))
                else:
                  acc = s % 13
              return sorted(out, key=True)[0] if out else None
            """

        @Test("finds a copy under other names, and tells it from the same statements about other things")
        func renamed() {
            let found = item(Self.leaked, in: Self.renamed)
            #expect(found.verdict == .renamed && found.renamed.passageShare == 1 && found.renamed.passage?.line == 3)
            // What was said of the same names before makes no difference.
            let before = "seq = top = acc = out = s = measure = []\nprint(seq, top, acc, out, s, measure)\n"
            let behind = item(Self.leaked, in: before + Self.renamed)
            #expect(behind.renamed.passageShare == 1 && behind.renamed.passage?.line == 5)
            // One name for two things is another program.
            let other = item(Self.leaked, in: Self.renamed.replacing("acc", with: "out"))
            #expect(other.verdict == .clean && other.renamed.passageShare < 0.5)
            // So is another function of Python's.
            let builtin = item(
                Self.leaked, in: Self.renamed.replacing("len(", with: "sum(").replacing("else", with: "elif"))
            #expect(builtin.renamed.passageShare < found.renamed.passageShare)
        }

        @Test("counts runs of as many tokens as it says")
        func lengths() {
            let text = (0..<13).map { "word\($0)" }.joined(separator: " ")
            func found(_ document: String) -> ContaminationReport.Item {
                report([ContaminationItem(id: "a", text: text, kind: .text)], [("d", document)]).items[0]
            }
            #expect(found("so: " + text + ".").verdict == .verbatim)
            #expect(found(String(text.dropLast(7))).verdict == .clean)
            #expect(found(text).renamed.grams == 0)
        }

        @Test("leaves out what many items of the suite have")
        func phrases() {
            let header = "Write a function that does what is said below and nothing else, and test it before you go on."
            let items = (0..<4).map { ContaminationItem(id: "\($0)", text: header + " Then number \($0)", kind: .text) }
            let found = report(items, [("d", header)])
            #expect(found.count(.clean) == 4 && found.items.allSatisfy { $0.verbatim.found == 0 })
            let few = report(Array(items.prefix(2)), [("d", header)])
            #expect(few.count(.verbatim) == 2)
        }

        @Test("adds up over the corpus, and judges by one place")
        func scattered() {
            let lines = Self.leaked.split(separator: "\n")
            let halves = [lines[..<6], lines[5...]].map { $0.joined(separator: "\n") }
            let space = (0..<3000).map { "v\($0)" }.joined(separator: " ")
            let apart = item(Self.leaked, in: halves[0] + space + halves[1])
            #expect(apart.verbatim.passageShare < 0.75 && apart.verbatim.share > 0.9)
            // In whatever order documents come, the place is the same.
            let items = [ContaminationItem(id: "a", text: Self.leaked)]
            let documents = [("b.py", Self.leaked), ("a.py", Self.leaked), ("c.py", "pass")]
            let forward = report(items, documents).items[0]
            #expect(forward == report(items, documents.reversed()).items[0])
            #expect(forward.verbatim.passage?.document == "a.py")
        }

        @Test("takes any bytes")
        func damaged() {
            var scan = ContaminationScan([ContaminationItem(id: "a", text: Self.leaked)])
            for text in ["", "\"\"\"never closed", "'", "\\", "\u{0}", "1e", "f'", "rb", ",", "#"] {
                scan.scan(Array(text.utf8), document: text)
            }
            scan.scan((0...255).map { UInt8($0) }, document: "all")
            #expect(scan.report.count(.clean) == 1 && scan.report.documents == 11)
        }

        @Test("says in a table what is not clean")
        func table() {
            let text = report(
                [ContaminationItem(id: "a|b", text: Self.leaked), ContaminationItem(id: "short", text: "x = 1")],
                [("folder/d.py", "\n" + Self.leaked)]
            ).markdown
            #expect(text.contains("| a\\|b | verbatim | 100 % | 100 % | folder/d.py:2 |"), "\(text)")
            #expect(text.contains("2 items against 1 documents (0.0 MB): 1 verbatim, 0 renamed, 1 clean."))
            #expect(text.contains("1 items are too short to be found."))
            #expect(!text.contains("| short"))
        }

        // MARK: - Files

        private func report(_ corpus: CorpusFiles) throws -> (report: ContaminationReport, unread: [String]) {
            var scan = ContaminationScan([ContaminationItem(id: "a", text: Self.leaked)])
            let unread = try corpus.visit { piece in
                scan.scan(piece.bytes, document: piece.document, firstLine: piece.firstLine)
            }
            return (scan.report, unread)
        }

        @Test("reads files in pieces, and finds what lies across two")
        func pieces() throws {
            let folder = try TemporaryFolder()
            let noise = (0..<4000).map { "line \($0)" }.joined(separator: "\n") + "\n"
            for shift in [0, 100, 333] {
                let path = try folder.write(
                    noise + String(repeating: "\n", count: shift) + Self.leaked + "\n" + noise,
                    to: "\(shift).py")
                for pieceBytes in [1500, 4096, 1 << 20] {
                    var corpus = CorpusFiles([path])
                    (corpus.pieceBytes, corpus.overlapBytes) = (pieceBytes, 1000)
                    let found = try report(corpus).report
                    #expect(found.documents == 1 && found.items[0].verbatim.passageShare == 1)
                    #expect(found.items[0].verbatim.passage?.line == 4001 + shift, "\(shift) \(pieceBytes)")
                }
            }
        }

        @Test("reads the texts of JSON Lines, a document each")
        func records() throws {
            let folder = try TemporaryFolder()
            struct Record: Encodable { var content: String }
            let texts = ["x = \"ü\"", "a\n" + Self.leaked]
            let lines = try texts.map { String(decoding: try JSONEncoder().encode(Record(content: $0)), as: UTF8.self) }
            try folder.write(lines.joined(separator: "\n") + "\n", to: "deep/er/c.jsonl")
            let found = try report(CorpusFiles([folder.path])).report
            #expect(found.documents == 2 && found.items[0].verdict == .verbatim)
            #expect(found.items[0].verbatim.passageShare == 1)
            #expect(found.items[0].verbatim.passage?.document == folder.path + "/deep/er/c.jsonl:2")
            #expect(found.items[0].verbatim.passage?.line == 2)
        }

        @Test("leaves out other kinds of files, and says what is not there")
        func others() throws {
            let folder = try TemporaryFolder()
            try folder.write(Self.leaked, to: "a.txt")
            try folder.write("\u{0}" + Self.leaked, to: "b.py")
            let found = try report(CorpusFiles([folder.path], extensions: ["py"]))
            #expect(found.report.documents == 0 && found.report.items[0].verdict == .clean && found.unread.isEmpty)
            #expect(try report(CorpusFiles([folder.path])).report.items[0].verdict == .verbatim)
            let missing = folder.path + "/none"
            #expect(throws: CorpusError.missing(path: missing)) { try report(CorpusFiles([missing])) }
        }
    }
#endif
