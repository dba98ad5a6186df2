internal import JSON

extension ProtocolSession {
    /// What a request leads to.
    mutating func answer(_ method: String, _ params: JSONObject) throws(RPCError) -> Outcome {
        let meta = params["_meta"]?.object
        // The handshake belongs to one era whatever else it carries, asking for discovery to the other.
        if method != "initialize", meta?[MetaKey.version] != nil || method == "server/discover" {
            try checkVersion(meta ?? JSONObject())
            return try answerStateless(method, params)
        }
        if method == "ping" { return .result(JSONObject()) }
        if method == "initialize" {
            guard let wanted = params["protocolVersion"]?.string else {
                throw RPCError(.invalidParams, "'protocolVersion' is missing, or no text.")
            }
            return .result(server.initialization(negotiate(wanted)))
        }
        guard let result = try common(method, params) ?? (method == "logging/setLevel" ? .result(JSONObject()) : nil)
        else { throw Self.unknown(method) }
        guard version != nil else {
            throw RPCError(
                .invalidParams,
                "Nothing says which protocol this is: send 'initialize' first, or \(MetaKey.version) in params._meta.")
        }
        return result
    }

    private func answerStateless(_ method: String, _ params: JSONObject) throws(RPCError) -> Outcome {
        if method == "server/discover" { return .result(server.stateless(server.discovery, isCacheable: true)) }
        switch try common(method, params) {
        case .result(let result): return .result(server.stateless(result, isCacheable: true))
        case .call(let name, let arguments, _): return .call(name: name, arguments: arguments, isStateless: true)
        case nil: throw Self.unknown(method)
        }
    }

    /// What both eras have; nil for other methods.
    private func common(_ method: String, _ params: JSONObject) throws(RPCError) -> Outcome? {
        switch method {
        case "tools/list": return .result(server.toolList)
        case "tools/call": return try call(params)
        // There are none, but clients look.
        case "resources/list": return .result(["resources": []])
        case "resources/templates/list": return .result(["resourceTemplates": []])
        case "prompts/list": return .result(["prompts": []])
        default: return nil
        }
    }

    private func call(_ params: JSONObject) throws(RPCError) -> Outcome {
        guard let name = params["name"]?.string else {
            throw RPCError(.invalidParams, "'name' of the tool is missing, or no text.")
        }
        guard server.tools.contains(where: { $0.name == name }) else {
            let all = server.tools.map(\.name).joined(separator: ", ")
            throw RPCError(.invalidParams, "Unknown tool: \(name.prefix(80)). There are: \(all).")
        }
        let arguments: JSONObject
        switch params["arguments"] {
        case .object(let members): arguments = members
        case nil: arguments = JSONObject()
        case let other?: throw RPCError(.invalidParams, "'arguments' has to be an object, not \(other.summary).")
        }
        guard runningCount < Self.callLimit else {
            throw RPCError(.tooManyCalls, "\(Self.callLimit) calls are waiting. Send this one when some are answered.")
        }
        return .call(name: name, arguments: arguments, isStateless: false)
    }

    private func checkVersion(_ meta: JSONObject) throws(RPCError) {
        for key in [MetaKey.version, MetaKey.clientCapabilities] where meta[key] == nil {
            throw RPCError(.invalidParams, "params._meta has no \(key).")
        }
        guard let text = meta[MetaKey.version]?.string else {
            throw RPCError(.invalidParams, "\(MetaKey.version) has to be a text.")
        }
        guard ProtocolVersion(rawValue: text)?.isStateless == true else { throw .unsupported(version: text) }
    }

    private static func unknown(_ method: String) -> RPCError {
        RPCError(.methodNotFound, "There is no method '\(method.prefix(80))' here.")
    }
}
