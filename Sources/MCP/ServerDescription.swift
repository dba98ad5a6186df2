internal import JSON

/// What a server is and offers.
package struct ServerDescription: Sendable {
    package var name: String
    package var title: String
    package var version: String
    /// For models, about the tools as a whole.
    package var instructions: String
    package var tools: [ServerTool]

    package init(name: String, title: String, version: String, instructions: String, tools: [ServerTool]) {
        self.name = name
        self.title = title
        self.version = version
        self.instructions = instructions
        self.tools = tools
    }

    private var info: JSONValue {
        ["name": .string(name), "title": .string(title), "version": .string(version)]
    }

    private var capabilities: JSONValue { ["tools": ["listChanged": false]] }

    /// Answers the handshake.
    func initialization(_ version: ProtocolVersion) -> JSONObject {
        [
            "protocolVersion": .string(version.rawValue), "capabilities": capabilities, "serverInfo": info,
            "instructions": .string(instructions),
        ]
    }

    /// What stateless clients ask in its place.
    var discovery: JSONObject {
        [
            "supportedVersions": .array(ProtocolVersion.stateless.map { .string($0.rawValue) }),
            "capabilities": capabilities, "instructions": .string(instructions),
        ]
    }

    var toolList: JSONObject { ["tools": .array(tools.map(\.json))] }

    /// A result as stateless revisions have it: complete, with who made it.
    /// - Parameter isCacheable: whether it stays the same as long as the server runs.
    func stateless(_ result: JSONObject, isCacheable: Bool) -> JSONObject {
        var result = result
        result.add("resultType", "complete")
        if isCacheable {
            result.add("ttlMs", .integer(Self.lifetimeMilliseconds))
            result.add("cacheScope", "private")
        }
        result.add("_meta", .object([MetaKey.serverInfo: info]))
        return result
    }

    /// A client may outlive a server that is replaced by a newer one.
    private static let lifetimeMilliseconds = 300_000
}
