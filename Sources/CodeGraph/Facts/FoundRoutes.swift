internal import Syntax

/// Routes that calls say, with what stands before their paths.
struct FoundRoutes {
    private(set) var routes: [Route] = []
    private var prefixes: [Prefix] = []

    struct Route {
        var verb: String
        var path: String
        /// The variable whose prefix stands before the path; empty for none.
        var base = ""
        var place: SyntaxCapture
        var body: SyntaxCapture?
        /// Empty where the route has its code in itself.
        var handler = ""
        var handlerReceiver = ""
        var handlerStart = 0
        var handlerLine = 0
    }

    private struct Prefix {
        var path: String
        /// The variable that has it; empty when all within `range` have it.
        var owner: String
        var base: String
        var range: Range<Int>
    }

    mutating func add(_ main: SyntaxCapture, _ parts: MatchParts, _ text: UnsafeBufferPointer<UInt8>) {
        func written(_ capture: SyntaxCapture?) -> String {
            capture.map { unsafe String(decoding: text[$0.range], as: UTF8.self) } ?? ""
        }
        var path = RouteString.content(written(parts.path))
        // Go's multiplexer takes the verb with the path.
        let named = RouteName.parse(path).flatMap(\.verb)
        if named != nil { path = String(path.drop { $0 != "/" }) }
        guard let verb = named ?? RouteName.verb(of: written(parts.verb)) else { return }
        // `get("name")` is a lookup in a map; an address begins with a slash, except in Django and Rails.
        let isAddress = path.hasPrefix("/") || path.isEmpty || ["*", "^", "("].contains(path.prefix(1))
        guard isAddress || parts.isWildcard else { return }
        var route = Route(
            verb: verb, path: RouteName.path(path), base: written(parts.owner), place: main, body: parts.body)
        if let name = parts.name {
            (route.handlerReceiver, route.handler) = RouteString.handler(written(name))
            if route.handlerReceiver.isEmpty { route.handlerReceiver = written(parts.receiver) }
            route.handlerStart = name.start
            route.handlerLine = name.startRow + 1
        }
        routes.append(route)
    }

    mutating func addPrefix(_ main: SyntaxCapture, _ parts: MatchParts, _ text: UnsafeBufferPointer<UInt8>) {
        func written(_ capture: SyntaxCapture?) -> String {
            capture.map { unsafe String(decoding: text[$0.range], as: UTF8.self) } ?? ""
        }
        prefixes.append(
            Prefix(
                path: RouteName.path(RouteString.content(written(parts.path))), owner: written(parts.owner),
                base: written(parts.receiver), range: main.range))
    }

    func name(of route: Route) -> String {
        var paths = [route.path]
        var base = route.base
        var steps = 0
        while !base.isEmpty, steps < 8, let known = prefixes.last(where: { $0.owner == base }) {
            paths.insert(known.path, at: 0)
            base = known.base
            steps += 1
        }
        let around = prefixes.filter {
            $0.owner.isEmpty && $0.range.lowerBound < route.place.start && route.place.end <= $0.range.upperBound
        }
        paths = around.sorted { $0.range.lowerBound < $1.range.lowerBound }.map(\.path) + paths
        return route.verb + " " + RouteName.join(paths)
    }
}

/// Strings in sources as far as routes need them.
enum RouteString {
    /// Without what marks it as a string, or as a symbol of Ruby.
    static func content(_ written: String) -> String {
        var text = Substring(written)
        if text.hasPrefix(":") { return String(text.dropFirst()) }
        guard let quote = text.firstIndex(where: { "\"'`".contains($0) }) else { return written }
        let mark = text[quote]
        guard text[..<quote].allSatisfy({ $0.isLetter || "@$#".contains($0) }) else { return written }
        text = text[quote...].drop { $0 == mark }
        while text.last == mark || text.last == "#" { text.removeLast() }
        return String(text)
    }

    /// `users#show` and `UserController@show` name a method of a class.
    static func handler(_ written: String) -> (receiver: String, name: String) {
        let text = content(written)
        let parts = text.split(whereSeparator: { "#@".contains($0) }).map(String.init)
        guard parts.count == 2 else { return ("", text) }
        guard text.contains("#") else { return (parts[0], parts[1]) }
        let words = parts[0].split(separator: "/").last.map { $0.split(separator: "_") } ?? []
        return (words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Controller", parts[1])
    }

    /// A string in the arguments of a call or an annotation, and the name that it is given: `("/x")`, `(value = "/x")`.
    struct Argument {
        var key: String
        var text: String
    }

    static func arguments(_ written: String) -> [Argument] {
        var found: [Argument] = []
        var before = ""
        var place = written.startIndex
        while place < written.endIndex {
            let mark = written[place]
            guard mark == "\"" || mark == "'" else {
                before.append(mark)
                place = written.index(after: place)
                continue
            }
            let start = written.index(after: place)
            var end = start
            while end < written.endIndex, written[end] != mark {
                end =
                    written.index(end, offsetBy: written[end] == "\\" ? 2 : 1, limitedBy: written.endIndex)
                    ?? written.endIndex
            }
            // `value = {"/x"}`, `methods: ['GET']`.
            let key = before.split { !($0.isLetter || $0.isNumber || "_=:".contains($0)) }.joined()
                .split { "=:".contains($0) }.last.map(String.init)
            let hasKey = before.contains { "=:".contains($0) }
            found.append(Argument(key: hasKey ? key ?? "" : "", text: String(written[start..<end])))
            before = ""
            place = end < written.endIndex ? written.index(after: end) : end
        }
        return found
    }

    /// The path among the arguments of an annotation.
    static func path(in written: String) -> String? {
        let all = arguments(written)
        let named = all.first { ["value", "path", "rule", "template", "uri"].contains($0.key) }
        return (named ?? all.first { $0.key.isEmpty })?.text
    }
}
