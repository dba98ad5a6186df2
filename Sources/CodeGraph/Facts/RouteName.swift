/// How routes are named: the verbs that they answer and the path, `GET /users/{id}`, `GET|POST /search`.
package enum RouteName {
    /// For routes that answer every verb.
    static let anyVerb = "ANY"
    private static let verbs: Set<String> = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"]
    private static let words: [String: String] = [
        "del": "DELETE", "all": anyVerb, "any": anyVerb, "handle": anyVerb, "handlefunc": anyVerb, "route": anyVerb,
        "path": anyVerb, "re_path": anyVerb, "url": anyVerb, "request": anyVerb, "match": anyVerb, "add": anyVerb,
        "api_route": anyVerb, "websocket": "WS", "ws": "WS",
    ]

    /// The verb that a function or an annotation stands for: `get`, `MapGet`, `HttpGet`, `GetMapping`; nil for others.
    static func verb(of word: String) -> String? {
        var word = word.lowercased()
        if word.hasSuffix("mapping") { word.removeLast(7) }
        for start in ["map", "http"] where word.hasPrefix(start) && word.count > start.count {
            word.removeFirst(start.count)
        }
        let upper = word.uppercased()
        return verbs.contains(upper) ? upper : words[word]
    }

    /// The verbs that stand as words in some arguments: `methods=["GET", "POST"]`, `RequestMethod.POST`.
    static func verbs(in arguments: String) -> [String] {
        arguments.split { !($0.isLetter || $0.isNumber || "_/-".contains($0)) }.map(String.init).filter(verbs.contains)
    }

    /// A path without what a regular expression has around it.
    static func path(_ written: String) -> String {
        var path = Substring(written)
        if path.hasPrefix("^") { path.removeFirst() }
        if path.hasSuffix("$") { path.removeLast() }
        return path.hasPrefix("/") || path.isEmpty ? String(path) : "/" + path
    }

    /// Paths one behind the other.
    static func join(_ paths: [String]) -> String {
        let parts = paths.map { path in String(path.drop { $0 == "/" }) }
        var joined = ""
        for part in parts where !part.isEmpty {
            while joined.hasSuffix("/") { joined.removeLast() }
            joined += "/" + part
        }
        return joined.isEmpty ? "/" : joined
    }

    /// A verb and a path, or a path alone, as users write them: the verb is nil for a path alone. Nil for other text.
    package static func parse(_ text: some StringProtocol) -> (verb: String?, path: String)? {
        if text.hasPrefix("/") { return text.count > 1 || text == "/" ? (nil, String(text)) : nil }
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[1].hasPrefix("/") else { return nil }
        let verb = words[0].uppercased()
        return verbs.contains(verb) || [anyVerb, "WS"].contains(verb) ? (verb, String(words[1])) : nil
    }

    /// Whether a route of that name is meant: it answers the verb, and its path begins so.
    package static func fits(_ name: String, verb: String?, path: String) -> Bool {
        guard let space = name.firstIndex(of: " ") else { return false }
        if let verb, !name[..<space].split(separator: "|").contains(where: { $0 == verb || $0 == anyVerb }) {
            return false
        }
        return name[name.index(after: space)...].hasPrefix(path)
    }
}
