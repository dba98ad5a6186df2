import CodeGraph
import TestSupport
import Testing

struct FileTraitsTests {
    private func traits(_ text: String, path: String = "a.c", limits: FileLimits = FileLimits()) -> FileTraits {
        traits(Array(text.utf8), path: path, limits: limits)
    }

    private func traits(_ bytes: [UInt8], path: String = "a.c", limits: FileLimits = FileLimits()) -> FileTraits {
        FileTraits(path: path, byteCount: bytes.count, contents: bytes.span, limits: limits)
    }

    @Test("keeps the bits that databases hold")
    func bits() {
        let all: [FileTraits] = [.binary, .generated, .vendored, .test, .documentation, .minified, .huge]
        #expect(all.map(\.rawValue) == [1, 2, 4, 8, 16, 32, 64])
    }

    static let paths: [(String, FileTraits)] = [
        ("src/main.c", []), ("Sources/Latest.swift", []), ("contest.py", []), ("attestation/x.go", []),
        ("src/AUDIT.java", []), ("src/protest.rs", []), ("testing.go", []), ("CMakeLists.txt", []),
        ("requirements-dev.txt", []), ("src/vendor.c", []), ("src/docs.c", []), ("a.min.c", []), (".gitignore", []),
        ("x/foo_test.go", .test), ("test_foo.py", .test), ("foo_test.py", .test), ("conftest.py", .test),
        ("FooTest.java", .test), ("FooIT.java", .test), ("TestFoo.java", .test), ("HTTPTest.java", .test),
        ("Testament.java", []), ("foo.spec.ts", .test), ("foo.test.tsx", .test), ("Foo.cy.js", .test),
        ("FooTests.swift", .test), ("Tests/FooTests/Foo.swift", .test), ("foo_spec.rb", .test),
        ("a/tests/mod.rs", .test),
        ("src/tests.rs", .test), ("FooTest.php", .test), ("FooTests.cs", .test), ("Foo.Tests/A.cs", .test),
        ("FooSpec.scala", .test), ("FooTest.kt", .test), ("foo_unittest.cc", .test), ("test_foo.c", .test),
        ("list-test.c", .test), ("foo_spec.lua", .test), ("run.bats", .test), ("test_all.sh", .test),
        ("src/__tests__/a.js", .test), ("tools/selftests/x.c", .test), ("pkg/testdata/a.json", .test),
        ("vendor/a/b.go", .vendored), ("web/node_modules/x/i.js", .vendored), ("third_party/z.c", .vendored),
        ("lib/python3/site-packages/x.py", .vendored), ("Pods/A/a.m", .vendored),
        ("README.md", .documentation), ("README", .documentation), ("docs/conf.py", .documentation),
        ("Documentation/x.yaml", .documentation), ("a.rst", .documentation), ("notes.txt", .documentation),
        ("a.adoc", .documentation), ("LICENSE", .documentation),
        ("Cargo.lock", .generated), ("package-lock.json", .generated), ("Package.resolved", .generated),
        ("go.sum", .generated), ("a.pb.go", .generated), ("a_pb2.py", .generated), ("a.js.map", .generated),
        ("x.generated.ts", .generated), ("zz_generated.deepcopy.go", .generated), ("Form.Designer.cs", .generated),
        ("jquery.min.js", [.generated, .minified]), ("a.min.css", [.generated, .minified]),
        ("vendor/x/docs/foo_test.go", [.vendored, .documentation, .test]),
    ]

    @Test("tells from the path", arguments: paths)
    func path(_ path: String, _ expected: FileTraits) { #expect(FileTraits(path: path) == expected, "\(path)") }

    @Test("takes a zero byte near the start for binary, and one further down not")
    func zeros() {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 20_000)
        bytes[8192] = 0
        #expect(traits(bytes) == [])
        bytes[8191] = 0
        #expect(traits(bytes) == .binary)
        #expect(traits("") == [])
    }

    @Test("takes older encodings for text, and noise for binary")
    func invalid() {
        #expect(traits(Array("un caf".utf8) + [0xE9, 0x20, 0xE0] + Array(" la carte".utf8)) == [])
        var random = SplitMix64(seed: 1)
        #expect(traits((0..<3000).map { _ in UInt8(1 + random.below(255)) }) == .binary)
        #expect(traits([0xFF]) == .binary)
        var strict = FileLimits()
        strict.invalidShare = 0
        #expect(traits([0x61, 0xE9, 0x62], limits: strict) == .binary)
    }

    @Test("knows UTF-8, and is not misled by a character that the sample cuts in two")
    func unicode() {
        var strict = FileLimits()
        strict.invalidShare = 0
        for text in ["é", "\u{7FF}\u{800}\u{FFFF}", "\u{10000}\u{10FFFF}", "漢字😀"] {
            #expect(traits(text, limits: strict) == [], "\(text)")
        }
        for offset in 0..<4 {
            let text = String(repeating: "x", count: 8192 - offset) + "😀😀"
            #expect(traits(text, limits: strict) == [], "\(offset)")
        }
        for bytes: [UInt8] in [
            [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
        ] {
            #expect(traits(bytes, limits: strict) == .binary, "\(bytes)")
        }
    }

    @Test("finds one line beyond the limit wherever it is, as counting line by line does")
    func longLines() {
        var limits = FileLimits()
        limits.lineByteCount = 10
        for seed in 0..<2000 {
            var random = SplitMix64(seed: UInt64(seed))
            let text = (0...random.below(6)).map { _ in String(repeating: "y", count: random.below(13)) }
                .joined(separator: "\n")
            let isLong = text.split(separator: "\n").contains { $0.utf8.count > 10 }
            #expect(traits(text, limits: limits).contains(.minified) == isLong, "seed \(seed)")
        }
    }

    @Test("calls files huge by their size, not by what was read of them")
    func huge() {
        let start: [UInt8] = [0x61, 0x0A]
        #expect(FileTraits(path: "a", byteCount: 2_000_000, contents: start.span) == [])
        #expect(FileTraits(path: "a", byteCount: 2_000_001, contents: start.span) == .huge)
        #expect(FileTraits.huge.isIndexedByPathOnly && FileTraits.minified.isIndexedByPathOnly)
        #expect(FileTraits.binary.isIndexedByPathOnly && !FileTraits([.generated, .test]).isIndexedByPathOnly)
    }

    @Test(
        "finds the words of generators in comments near the top",
        arguments: [
            "// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n", "# Generated by x. DO NOT EDIT\n",
            "/*\n   This file was automatically generated by SWIG.\n*/\n", "/* @generated */",
            "/** @generated SignedSource */",
            "// <auto-generated />\n", "#!/bin/sh\n\n# Do not edit this file.\n", "<!-- Autogenerated by x -->",
            "\"\"\"\nThis is a generated file\n\"\"\"\n", "-- DO NOT MODIFY\r\n", " * do not edit by hand\n",
        ])
    func generated(_ text: String) { #expect(traits(text) == .generated) }

    @Test(
        "does not find them in code, in plain talk, or further down",
        arguments: [
            "print(\"// Code generated by x. DO NOT EDIT.\")\n", "let mark = \"@generated\"\n",
            "// Events generated by the device.\n", "// do not edit the list while it is read\n",
            "/* one */\nint generated; char *s = \"DO NOT EDIT\";\n", "/*\n two\n*/\nputs(\"DO NOT EDIT\");\n",
            String(repeating: "\n", count: 40) + "// DO NOT EDIT\n",
            "//" + String(repeating: "=", count: 4100) + "\n// DO NOT EDIT",
        ])
    func written(_ text: String) { #expect(traits(text) == []) }
}
