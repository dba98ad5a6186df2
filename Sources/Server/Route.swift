import WireFormats

/// What the server can do, by method and path.
enum Route: Hashable, Sendable {
    case chatCompletions
    case completions
    case embeddings
    case rerank
    case models
    case model(id: String)
    case health
    case metrics
    case status
    /// The page for people.
    case page
    case pageFile(name: String)
    case openAPI
    case responses(ResponsesRoute)
    case anthropic(AnthropicRoute)
    case llamaServer(LlamaServerRoute)
    case adapter(AdapterRoute)
    case ollama(OllamaRoute)
    /// The Model Context Protocol; no server has it beside the others.
    case mcp

    /// Method, path, and what is there; `{id}` stands for the rest of a path.
    private static let table: [(method: String, pattern: String, route: @Sendable (String) -> Route)] = [
        ("POST", "/v1/chat/completions", { _ in .chatCompletions }),
        ("POST", "/v1/completions", { _ in .completions }),
        ("POST", "/v1/responses", { _ in .responses(.create) }),
        ("GET", "/v1/responses/{id}", { .responses(.get(id: $0)) }),
        ("DELETE", "/v1/responses/{id}", { .responses(.delete(id: $0)) }),
        ("POST", "/v1/embeddings", { _ in .embeddings }),
        ("POST", "/v1/rerank", { _ in .rerank }),
        ("POST", "/rerank", { _ in .rerank }),
        ("GET", "/v1/models", { _ in .models }),
        ("GET", "/v1/models/{id}", { .model(id: $0) }),
        ("GET", "/health", { _ in .health }),
        ("GET", "/metrics", { _ in .metrics }),
        ("GET", "/v1/status", { _ in .status }),
        ("GET", "/", { _ in .page }),
        ("GET", "/page/{id}", { .pageFile(name: $0) }),
        ("GET", "/openapi.json", { _ in .openAPI }),
    ]

    /// A row of the table, or of those that families have for themselves.
    private struct Entry: Sendable {
        let method: String
        let pattern: String
        let route: @Sendable (String) -> Route
    }

    private static let entries: [Entry] =
        table.map { Entry(method: $0.method, pattern: $0.pattern, route: $0.route) }
        + entries(AnthropicRoute.self) { .anthropic($0) }
        + entries(LlamaServerRoute.self) { .llamaServer($0) } + entries(AdapterRoute.self) { .adapter($0) }
        + entries(OllamaRoute.self) { .ollama($0) }

    /// The routes of a family, in their order.
    private static func entries<Family: RouteFamily>(
        _: Family.Type, _ route: @escaping @Sendable (Family) -> Route
    ) -> [Entry] {
        Family.allCases.map { member in Entry(method: member.method, pattern: member.pattern) { _ in route(member) } }
    }

    /// Method and path of every route.
    static var all: [String] { entries.map { "\($0.method) \($0.pattern)" } }

    /// How errors are worded at a place, also where there is none.
    static func wording(of target: String) -> ErrorWording {
        let path = path(of: target)
        if path == "/v1/messages" || path.hasPrefix("/v1/messages/") { return .anthropic }
        if path.hasPrefix("/api/") { return .ollama }
        if LlamaServerRoute.allCases.contains(where: { match(path, $0.pattern) != nil }) { return .llamaServer }
        return .openAI
    }

    private static func path(of target: String) -> String { String(target.prefix { $0 != "?" && $0 != "#" }) }

    var pattern: String {
        switch self {
        case .chatCompletions: "/v1/chat/completions"
        case .completions: "/v1/completions"
        case .embeddings: "/v1/embeddings"
        case .rerank: "/v1/rerank"
        case .models: "/v1/models"
        case .model: "/v1/models/{id}"
        case .health: "/health"
        case .metrics: "/metrics"
        case .status: "/v1/status"
        case .page: "/"
        case .pageFile: "/page/{id}"
        case .openAPI: "/openapi.json"
        case .responses(.create): "/v1/responses"
        case .responses: "/v1/responses/{id}"
        case .anthropic(let route): route.pattern
        case .llamaServer(let route): route.pattern
        case .adapter(let route): route.pattern
        case .ollama(let route): route.pattern
        case .mcp: "/mcp"
        }
    }

    /// Whether it is asked for so often, or in such numbers, that a log of it would hide the rest.
    var isRoutine: Bool {
        switch self {
        case .health, .metrics, .status, .pageFile: true
        default: false
        }
    }

    /// Whether a key opens it, where there are keys.
    var needsKey: Bool {
        switch self {
        case .health, .page, .pageFile: false
        default: true
        }
    }

    /// - Parameters:
    ///   - method: `HEAD` is `GET` whose answer loses its body.
    ///   - target: of the request line, with its query.
    /// - Throws: 404 with all routes, 405 with the methods that the path takes.
    static func find(method: String, target: String) throws(APIError) -> Route {
        let path = path(of: target)
        let method = method == "HEAD" ? "GET" : method
        var methods: [String] = []
        for entry in entries {
            guard let id = match(path, entry.pattern) else { continue }
            if entry.method == method { return entry.route(id) }
            methods.append(entry.method)
        }
        guard methods.isEmpty else {
            throw APIError(
                status: 405, kind: .invalidRequest, message: "\(path) takes \(methods.joined(separator: ", ")) only.",
                code: "method_not_allowed")
        }
        let all = all.joined(separator: ", ")
        throw APIError(
            status: 404, kind: .invalidRequest, message: "There is no \(path.prefix(200)) here. There are: \(all).",
            code: "not_found")
    }

    /// What stands in the place of `{id}`, empty where the pattern has none; nil where the path does not match.
    private static func match(_ path: String, _ pattern: String) -> String? {
        guard pattern.hasSuffix("{id}") else { return path == pattern ? "" : nil }
        let stem = pattern.dropLast("{id}".count)
        guard path.hasPrefix(stem), path.count > stem.count else { return nil }
        return decoded(path.dropFirst(stem.count))
    }

    /// Resolves `%3A` and the like; nil where that gives no text.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
