import TestSupport
import Testing
import Workspaces

@Suite("Edits in an answer")
struct EditParserTests {
    private func block(_ search: String, _ replacement: String) -> String {
        "<<<<<<< SEARCH\n\(search)=======\n\(replacement)>>>>>>> REPLACE\n"
    }

    private let edit = FileEdit.replace(path: "src/a.py", search: ["x = 1"], replacement: ["x = 2"])

    @Test(
        "are found below their paths, however those are set off",
        arguments: [
            "src/a.py\n```python\n", "**src/a.py**\n```python\n", "`src/a.py`:\n\n```\n",
            "### File: src/a.py\n````py\n",
            "src/a.py\n~~~\n", "```python\nsrc/a.py\n", "```python:src/a.py\n", "```python src/a.py\n",
            "other.py\n```python\nsrc/a.py\n",
        ])
    func paths(_ head: String) throws {
        let fence =
            head.split(separator: "\n").last { $0.hasPrefix("`") || $0.hasPrefix("~") }?
            .prefix { $0 == "`" || $0 == "~" } ?? "```"
        let first = fence.first == "`" || fence.first == "~" ? String(fence) : "```"
        let answer = "Sure.\n\n" + head + block("x = 1\n", "x = 2\n") + first + "\nDone.\n"
        #expect(try EditParser.edits(in: answer) == [edit])
        #expect(try EditParser.edits(in: answer.replacing("\n", with: "\r\n")) == [edit])
    }

    @Test("need no fence, and share a path until talk comes between")
    func loose() throws {
        let two = block("x = 1\n", "x = 2\n")
        #expect(try EditParser.edits(in: "src/a.py\n" + two + two) == [edit, edit])
        #expect(try EditParser.edits(in: "src/a.py\n```\n\(two)\n\(two)```\n```\n\(two)```") == [edit, edit, edit])
        #expect(try EditParser.edits(in: "src/a.py\n\(two)b.py\n\(two)").map(\.path) == ["src/a.py", "b.py"])
        #expect(throws: EditError.noPath(line: 9)) {
            try EditParser.edits(in: "src/a.py\n\(two)And then\n\n\(two)")
        }
    }

    @Test("may be whole files, and fences without a path are talk")
    func whole() throws {
        let answer = """
            Run it:
            ```sh
            python3 a.py
            ```
            a.py
            ```python
            x = 1

            ```
            README.md
            ````
            ```
            x
            ```
            ````
            empty.txt
            ```
            ```
            """
        #expect(
            try EditParser.edits(in: answer) == [
                .write(path: "a.py", text: "x = 1\n\n"), .write(path: "README.md", text: "```\nx\n```\n"),
                .write(path: "empty.txt", text: ""),
            ])
        for talk in ["", "No changes.", "```\nx\n```", "Look at this.\n```\nx = 1\n```\n", "e.g.\n```\nx\n```\n"] {
            #expect(try EditParser.edits(in: talk) == [])
        }
    }

    @Test("may add, take away, and have signs in them")
    func contents() throws {
        let answer = "a.py\n" + block("", "x\n") + block("x\n", "") + block("a\n<<<\n== \n", "``` \n")
        #expect(
            try EditParser.edits(in: answer) == [
                .replace(path: "a.py", search: [], replacement: ["x"]),
                .replace(path: "a.py", search: ["x"], replacement: []),
                .replace(path: "a.py", search: ["a", "<<<", "== "], replacement: ["``` "]),
            ])
    }

    @Test("that are not closed say which, and where")
    func unfinished() {
        #expect(throws: EditError.unfinished(line: 2, missing: "=======")) {
            try EditParser.edits(in: "a.py\n<<<<<<< SEARCH\nx\n")
        }
        #expect(throws: EditError.unfinished(line: 2, missing: ">>>>>>> REPLACE")) {
            try EditParser.edits(in: "a.py\n<<<<<<< SEARCH\nx\n=======\ny\n<<<<<<< SEARCH\n")
        }
        #expect(throws: EditError.unfinished(line: 2, missing: "```")) {
            try EditParser.edits(in: "a.py\n```\nx = 1\n")
        }
    }

    @Test("lead nowhere but into the repository")
    func inside() {
        for path in ["a", "a/b.c", "./a", "é/ü.txt", ".gitignore", "a b"] {
            #expect(EditPath.inside(path) != nil, "\(path)")
        }
        let bad = [
            "", "/a", "../a", "a/../b", "a//b", "a/", ".", "..", "a/./b", "~/a", ".git/config", "a/.GIT/x", "a\0",
            "a\\b",
        ]
        for path in bad { #expect(EditPath.inside(path) == nil, "\(path)") }
        #expect(EditPath.inside("././a/b") == "a/b")
    }
}
