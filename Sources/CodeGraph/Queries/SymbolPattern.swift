/// What a user writes to name a symbol: `load`, `Store.load`, `src/store.py:load`, or `src/store.py:12` for what is there,
/// `GET /users` for a route.
package struct SymbolPattern: Hashable, Sendable {
    /// The symbol's own name last, the names around it before.
    package let names: [String]
    /// A path or the end of one; nil for all files.
    package let path: String?
    package let line: Int?
    /// `GET /users`, or `/users`: the name is a route's or the beginning of one.
    package let isRoute: Bool

    /// Nil when there is no name and no line in it.
    package init?(_ text: String) {
        var rest = Substring(text.trimmingPrefix { $0 == " " })
        while rest.last == " " { rest.removeLast() }
        if RouteName.parse(rest) != nil {
            names = [String(rest)]
            isRoute = true
            path = nil
            line = nil
            return
        }
        isRoute = false
        var path: String?
        // C++ and Rust write `::` between names.
        if let colon = rest.lastIndex(of: ":"), colon > rest.startIndex, rest[rest.index(before: colon)] != ":" {
            path = String(rest[..<colon])
            rest = rest[rest.index(after: colon)...]
        }
        self.path = path
        if path != nil, let line = Int(rest) {
            guard line > 0 else { return nil }
            self.line = line
            names = []
            return
        }
        line = nil
        while rest.hasSuffix("()") { rest.removeLast(2) }
        names = rest.split { $0 == "." || $0 == ":" || $0 == "#" }.map(String.init)
        if names.isEmpty { return nil }
    }
}
