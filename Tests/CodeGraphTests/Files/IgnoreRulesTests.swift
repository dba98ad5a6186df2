import CodeGraph
import Testing

struct IgnoreRulesTests {
    /// Rules, a path (a slash at its end means a folder), and whether it is ignored; nil where no rule matches.
    static let cases: [(String, String, Bool?)] = [
        ("foo", "foo", true), ("foo", "a/b/foo", true), ("foo", "food", nil), ("foo", "a/foo/", true),
        ("/foo", "foo", true), ("/foo", "a/foo", nil),
        ("foo/", "foo/", true), ("foo/", "foo", nil), ("foo/", "a/foo/", true),
        ("a/foo", "a/foo", true), ("a/foo", "b/a/foo", nil),
        ("*.o", "a/x.o", true), ("*.o", ".o", true), ("*.o", "x.oo", nil),
        ("/*.o", "x.o", true), ("/*.o", "a/x.o", nil), ("a/*.o", "a/b/x.o", nil),
        ("f?o", "foo", true), ("f?o", "fo", nil), ("a/?b", "a/b", nil),
        ("[ab]x", "bx", true), ("[!ab]x", "bx", nil), ("[^ab]x", "cx", true), ("[a-c-]x", "-x", true),
        ("[]]x", "]x", true), ("[]-a]x", "^x", true), ("[[:digit:]]x", "7x", true), ("[[:digit:]x]", "x", true),
        ("[[:nothing:]]", "n", nil), ("[\\]]", "]", true), ("a[/]b", "a/b", nil), ("[ab", "a", nil),
        ("[a[:digit:]-c]", "b", nil), ("[a[:digit:]-c]", "-", true), ("[a-b-d]", "c", nil),
        ("a/**\\/b", "a/x/y/b", true),
        ("a/**\\/b", "a/b", nil),
        ("**/foo", "foo", true), ("**/foo", "a/b/foo", true), ("**/a/foo", "b/a/foo", true),
        ("a/**", "a/b", true), ("a/**", "a/", nil), ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "ab", nil), ("a/x**/b", "a/xy/b", true), ("/**/foo/**/bar", "foo/bar", true),
        ("\\#x", "#x", true), ("#x", "#x", nil), ("\\!x", "!x", true), ("x\\*", "x*", true), ("x\\*", "xy", nil),
        ("x  ", "x", true), ("x\\ ", "x ", true), ("x\t", "x", nil), ("x\r\n", "x", true), ("\u{FEFF}x", "x", true),
        ("x\\", "x", nil), ("x\\", "x\\", nil), ("", "x", nil), ("/", "x", nil), ("!", "x", nil),
        ("*\n!x", "x", false), ("!x\n*", "x", true), ("*.o\n!a/x.o", "a/x.o", false), ("*.o\n!/x.o", "a/x.o", true),
        ("é*", "e\u{301}t", nil), ("é*", "élan", true),
    ]

    @Test("says what git's manual says", arguments: cases)
    func examples(_ rules: String, _ path: String, _ isIgnored: Bool?) {
        let isFolder = path.hasSuffix("/")
        let verdict = IgnoreRules(parsing: rules).verdict(
            on: isFolder ? String(path.dropLast()) : path, isFolder: isFolder)
        #expect(verdict.map { $0 == .ignored } == isIgnored, "\(rules) on \(path)")
    }

    @Test("needs no more than quadratic time for many stars")
    func manyStars() {
        let name = String(repeating: "a", count: 200)
        let stars = String(repeating: "*a", count: 60) + "b"
        let deep = String(repeating: "**/a*", count: 60) + "/b"
        let path = Array(repeating: name, count: 15).joined(separator: "/")
        #expect(IgnoreRules(parsing: stars).verdict(on: name, isFolder: false) == nil)
        #expect(IgnoreRules(parsing: deep).verdict(on: path, isFolder: false) == nil)
    }
}
