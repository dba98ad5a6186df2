internal import JSON

/// What a client of a language server has to remember, and what it says next. Nothing here reads or writes.
struct ServerSession {
    /// What a message from the server comes to.
    enum Event: Hashable {
        case answer(id: Int, JSONValue)
        case refusal(id: Int, RequestRefusal)
        /// The server wants this back.
        case reply(JSONValue)
        /// The server began or ended to work on something of its own.
        case work
        case nothing
    }

    private let entry: ServerEntry
    /// The repository: absolute.
    private let root: String
    private var lastID = 0
    /// What the server says it is at work on, by token.
    private var work: Set<JSONValue> = []
    private(set) var encoding = PositionEncoding.utf16

    init(entry: ServerEntry, root: String) {
        self.entry = entry
        self.root = root
    }

    var isWorking: Bool { !work.isEmpty }

    // MARK: What is said

    mutating func request(_ method: String, _ params: JSONValue) -> (id: Int, message: JSONValue) {
        lastID += 1
        var message: JSONObject = ["jsonrpc": "2.0", "id": .integer(lastID), "method": .string(method)]
        if case .null = params {} else { message.add("params", params) }
        return (lastID, .object(message))
    }

    func notification(_ method: String, _ params: JSONValue = [:]) -> JSONValue {
        ["jsonrpc": "2.0", "method": .string(method), "params": params]
    }

    /// - Parameter process: the server ends by itself once this one is gone.
    func initializeParameters(process: Int) -> JSONValue {
        [
            "processId": .integer(process),
            "clientInfo": ["name": "martlet"],
            "rootUri": .string(FileAddress.uri(path: root)),
            "rootPath": .string(root),
            "workspaceFolders": workspaceFolders,
            "initializationOptions": entry.initializationOptions,
            "capabilities": [
                "general": ["positionEncodings": ["utf-8", "utf-16"]],
                // The same question in clangd's own words, from before the protocol had one.
                "offsetEncoding": ["utf-8", "utf-16"],
                "textDocument": [
                    "definition": ["linkSupport": true],
                    "synchronization": ["didSave": false],
                ],
                "workspace": [
                    "configuration": true, "workspaceFolders": true,
                    "didChangeWatchedFiles": ["dynamicRegistration": true],
                ],
                "window": ["workDoneProgress": true],
            ],
        ]
    }

    private var workspaceFolders: JSONValue {
        let name = root.split(separator: "/").last.map(String.init) ?? root
        return [["uri": .string(FileAddress.uri(path: root)), "name": .string(name)]]
    }

    // MARK: What is heard

    /// Takes what the server can do from its answer to `initialize`.
    mutating func accept(capabilities result: JSONValue) {
        let agreed = result.object?["capabilities"]?.object?["positionEncoding"] ?? result.object?["offsetEncoding"]
        encoding = agreed?.string.flatMap(PositionEncoding.init) ?? .utf16
    }

    mutating func handle(_ message: ServerMessage) -> Event {
        switch message {
        case .answer(let id, let result): return .answer(id: id, result)
        case .refusal(let id, let refusal): return .refusal(id: id, refusal)
        case .request(let id, let method, let params): return .reply(reply(to: id, method, params))
        case .notification("$/progress", let params):
            guard let object = params.object, let token = object["token"] else { return .nothing }
            switch object["value"]?.object?["kind"]?.string {
            case "begin": work.insert(token)
            case "end": work.remove(token)
            default: return .nothing
            }
            return .work
        case .notification: return .nothing
        }
    }

    private func reply(to id: JSONValue, _ method: String, _ params: JSONValue) -> JSONValue {
        let result: JSONValue
        switch method {
        case "workspace/configuration":
            let items = params.object?["items"]?.array ?? []
            result = .array(items.map { settings(section: $0.object?["section"]?.string) })
        case "workspace/workspaceFolders": result = workspaceFolders
        case "window/workDoneProgress/create", "client/registerCapability", "client/unregisterCapability",
            "window/showMessageRequest":
            result = .null
        case _ where method.hasPrefix("workspace/") && method.hasSuffix("/refresh"): result = .null
        // Nothing is ever written or shown for a server.
        case "workspace/applyEdit": result = ["applied": false]
        case "window/showDocument": result = ["success": false]
        default:
            return [
                "jsonrpc": "2.0", "id": id,
                "error": ["code": -32601, "message": "'\(method.prefix(80))' is not known"],
            ]
        }
        return ["jsonrpc": "2.0", "id": id, "result": result]
    }

    /// Settings by the dotted name of their section: `python.analysis`.
    private func settings(section: String?) -> JSONValue {
        var value = JSONValue.object(entry.settings)
        for part in (section ?? "").split(separator: ".") {
            guard let inner = value.object?[String(part)] else { return .null }
            value = inner
        }
        return value
    }
}
