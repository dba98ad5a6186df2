import Testing
import Workspaces

@Suite("Applied edits")
struct EditApplierTests {
    private func applied(_ search: [String], _ replacement: [String], to text: String) throws(EditError) -> String? {
        try EditApplier.changes(
            [.replace(path: "a.py", search: search, replacement: replacement)], to: ["a.py": text])["a.py"]
    }

    @Test("replace lines where they are")
    func exact() throws {
        #expect(try applied(["b"], ["B", "C"], to: "a\nb\nc\n") == "a\nB\nC\nc\n")
        #expect(try applied(["a", "b"], [], to: "a\nb\nc\n") == "c\n")
        #expect(try applied(["a"], [], to: "a\n") == "")
        #expect(try applied(["c"], ["d"], to: "a\nc") == "a\nd")
        #expect(try applied(["a", ""], ["b"], to: "a\n") == "b\n")
        // An exact place counts before those that only fit.
        #expect(try applied(["  x"], ["  y"], to: "x\n  x\n    x\n") == "x\n  y\n    x\n")
        // Whole lines, not parts of them.
        #expect(try applied(["x"], ["y"], to: "xx\nx\n") == "xx\ny\n")
        #expect(try applied(["a", "a", "b"], ["c"], to: "a\na\na\nb\n") == "a\nc\n")
    }

    @Test("ignore the space at lines' ends")
    func trailing() throws {
        #expect(try applied(["b  ", "", "c"], ["d"], to: "a\nb\n   \nc\t\n") == "a\nd\n")
    }

    @Test("follow the indentation that is there")
    func indented() throws {
        let text = "class A:\n    def f(self):\n        return 1\n\n    x = 2\n"
        #expect(
            try applied(["def f(self):", "    return 1"], ["def f(self):", "", "    return 3"], to: text)
                == "class A:\n    def f(self):\n\n        return 3\n\n    x = 2\n")
        #expect(
            try applied(["        def f(self):", "            return 1"], ["        y = 1", "z"], to: text)
                == "class A:\n    y = 1\nz\n\n    x = 2\n")
        #expect(try applied(["if x:", "\ty()"], ["z()"], to: "\tif x:\n\t\ty()\n") == "\tz()\n")
        // Not all by the same.
        #expect(throws: EditError.self) { try applied(["def f(self):", "return 1"], [], to: text) }
    }

    @Test("keep carriage returns, or their absence")
    func returns() throws {
        #expect(try applied(["b"], ["B", "C"], to: "a\r\nb\r\nc\r\n") == "a\r\nB\r\nC\r\nc\r\n")
        #expect(try applied(["b"], ["B"], to: "a\r\nb") == "a\r\nB")
        #expect(try applied(["b"], ["B"], to: "a\nb\r\nc\nd\n") == "a\nB\nc\nd\n")
    }

    @Test("come one after the other, all or none")
    func several() throws {
        let edits: [FileEdit] = [
            .write(path: "./new.py", text: "x = 1\n"),
            .replace(path: "new.py", search: ["x = 1"], replacement: ["x = 2"]),
            .replace(path: "made.py", search: [], replacement: ["y"]),
            .replace(path: "a.py", search: ["b"], replacement: ["c"]),
            .replace(path: "a.py", search: ["c"], replacement: ["d"]),
        ]
        let changes = try EditApplier.changes(edits, to: ["a.py": "b\n", "other.py": "z"])
        #expect(changes == ["new.py": "x = 2\n", "made.py": "y\n", "a.py": "d\n"])
        #expect(throws: EditError.noSuchFile(path: "b.py")) {
            try EditApplier.changes(
                edits + [.replace(path: "b.py", search: ["x"], replacement: [])], to: ["a.py": "b\n"])
        }
        #expect(throws: EditError.emptySearch(path: "a.py")) { try applied(["", " "], ["x"], to: "a\n") }
        for path in ["/etc/passwd", "../a.py", "a/../../b", ".git/hooks/x", ""] {
            #expect(throws: EditError.outside(path: path)) {
                try EditApplier.changes([.write(path: path, text: "x")], to: [:])
            }
        }
    }

    @Test("that fit twice, or nowhere, say what is there")
    func errors() throws {
        #expect(throws: EditError.ambiguous(path: "a.py", search: "x", lines: [1, 3])) {
            try applied(["x"], [], to: "x\ny\nx\n")
        }
        #expect(throws: EditError.ambiguous(path: "a.py", search: "x", lines: [1, 3])) {
            try applied(["x"], [], to: "  x\ny\n x\n")
        }
        func nearest(_ search: [String], _ text: String) -> [Int] {
            do {
                _ = try applied(search, [], to: text)
            } catch .notFound(_, _, let nearest) {
                return nearest.map(\.number)
            } catch {}
            return [-1]
        }
        let text = "def f(a):\n    b = a\n    return b\n\ndef g(a):\n    return a\n"
        #expect(nearest(["def f(x):", "    b = a", "    return b"], text) == [1, 2, 3])
        #expect(nearest(["def g(self, a):"], text) == [5])
        #expect(nearest(["zzz"], text) == [])
        #expect(nearest((0..<100).map { "line \($0)" }, "line 5\n") == [1, 2])
        do {
            _ = try applied(["def g(self, a):"], [], to: text)
        } catch {
            #expect(error.description.hasSuffix("the nearest are:\n5: def g(a):"))
        }
    }
}
