package import JSON

/// What a client calls a request: it has to come back with the answer.
package enum RPCID: Hashable, Sendable {
    case integer(Int)
    case string(String)

    init?(_ value: JSONValue?) {
        switch value {
        case .string(let text): self = .string(text)
        case let value?:
            guard let number = value.integer else { return nil }
            self = .integer(number)
        case nil: return nil
        }
    }

    package var json: JSONValue {
        switch self {
        case .integer(let value): .integer(value)
        case .string(let value): .string(value)
        }
    }
}

/// One JSON-RPC message from a client.
package enum RPCMessage: Sendable {
    case request(id: RPCID, method: String, params: JSONObject)
    case notification(method: String, params: JSONObject)
    /// To a request of the server's, of which there are none.
    case response

    /// Why a value is no message, and the id that it had, if that could be read.
    package struct Fault: Error {
        package var id: RPCID?
        package var error: RPCError
    }

    package init(_ value: JSONValue) throws(Fault) {
        guard case .object(let object) = value else {
            throw Fault(error: RPCError(.invalidRequest, "A message is an object, not \(value.summary)."))
        }
        let hasID = object.members.contains { $0.key == "id" }
        let id = RPCID(object["id"])
        func fault(_ message: String) -> Fault { Fault(id: id, error: RPCError(.invalidRequest, message)) }
        guard object["jsonrpc"]?.string == "2.0" else { throw fault("'jsonrpc' has to be \"2.0\".") }
        guard let method = object["method"] else {
            guard object["result"] != nil || object["error"] != nil else { throw fault("The message has no 'method'.") }
            self = .response
            return
        }
        guard let method = method.string else { throw fault("'method' has to be a text.") }
        let params: JSONObject
        switch object["params"] {
        case .object(let members): params = members
        case nil: params = JSONObject()
        default: throw fault("'params' has to be an object.")
        }
        guard hasID else {
            self = .notification(method: method, params: params)
            return
        }
        guard let id else { throw fault("'id' has to be a whole number or a text.") }
        self = .request(id: id, method: method, params: params)
    }
}
