import TestSupport
import Testing
import Workspaces

@Suite("Answers of every kind")
struct EditFuzzTests {
    private static let pieces = [
        "<<<<<<< SEARCH", "<<<<<<<SEARCH", "=======", ">>>>>>> REPLACE", ">>>>>>>", "```", "````", "~~~", "```python",
        "```python a/b.py", "a.py", "src/a.py", "../x.py", "/etc/passwd", "**a.py**", "x = 1", "    x = 1", "\tx = 1",
        "", " ", "\r", "x = 1\r", "\u{0}", "é\u{301}🇩🇪", "#", ":", "`", "`a.py`:", ".git/x", "a\u{2028}b", "====",
    ]

    private static let text = "x = 1\n    x = 1\ny\r\n\n=======\nx = 1"

    /// Lines that mean something, in any order, cut anywhere.
    private func answer(_ random: inout SplitMix64) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(24) {
            bytes += Array(Self.pieces[random.below(Self.pieces.count)].utf8)
            if random.below(12) > 0 { bytes.append(10) }
        }
        for _ in 0..<random.below(3) where !bytes.isEmpty {
            bytes[random.below(bytes.count)] = UInt8(random.below(256))
        }
        return String(decoding: bytes.dropLast(random.below(3)), as: UTF8.self)
    }

    @Test("end in edits or an error, and what is applied stays within the repository")
    func any() {
        var random = SplitMix64(seed: 7)
        var (parsed, applied, refused) = (0, 0, 0)
        for _ in 0..<10_000 {
            let answer = answer(&random)
            do {
                let edits = try EditParser.edits(in: answer)
                parsed += edits.isEmpty ? 0 : 1
                let changes = try EditApplier.changes(edits, to: ["a.py": Self.text, "src/a.py": ""])
                #expect(changes.keys.allSatisfy { EditPath.inside($0) == $0 }, "\(answer)")
                #expect(!edits.isEmpty || changes.isEmpty, "\(answer)")
                applied += changes.isEmpty ? 0 : 1
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        // The pieces do reach all three ends.
        #expect(parsed > 200 && applied > 100 && refused > 1000, "\(parsed) \(applied) \(refused)")
    }

    @Test("replace what they say where a file has it once")
    func faithful() throws {
        var random = SplitMix64(seed: 11)
        for round in 0..<2000 {
            let lines = (0..<(2 + random.below(30))).map { "    line \($0) \(random.below(5))" }
            let start = random.below(lines.count)
            let count = 1 + random.below(lines.count - start)
            let new = (0..<random.below(4)).map { "    new \($0)" }
            var search = Array(lines[start..<(start + count)])
            var replacement = new
            // Written without its indentation, or with space at the ends.
            if round % 3 == 1 {
                (search, replacement) = (search.map { String($0.dropFirst(4)) }, new.map { String($0.dropFirst(4)) })
            }
            if round % 3 == 2 { search = search.map { $0 + "  " } }
            let block =
                (["a.py", "```", "<<<<<<< SEARCH"] + search + ["======="] + replacement + [">>>>>>> REPLACE", "```"])
                .joined(separator: "\n")
            let changes = try EditApplier.changes(
                try EditParser.edits(in: block), to: ["a.py": lines.map { $0 + "\n" }.joined()])
            let wanted = (lines[..<start] + new + lines[(start + count)...]).map { $0 + "\n" }.joined()
            try #require(changes["a.py"] == wanted, "\(block)")
        }
    }

    @Test("that are long and repeat themselves take no longer than they are")
    func long() throws {
        let many = String(repeating: "x\n", count: 100_000)
        let search = Array(repeating: "x", count: 50_000) + ["y"]
        let error = #expect(throws: EditError.self) {
            try EditApplier.changes([.replace(path: "a", search: search, replacement: [])], to: ["a": many])
        }
        guard case .notFound(_, _, let nearest)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(nearest.count <= 12)
        let fences = String(repeating: "a.py\n```\n", count: 50_000)
        #expect(try EditParser.edits(in: fences).count == 25_000)
    }
}
