package import JSON

/// One JSON-RPC message from a language server.
///
/// The model context protocol's messages are the other half of JSON-RPC: there clients ask and nothing comes back to
/// questions that are never put. The two have only the framework's name in common.
package enum ServerMessage: Hashable, Sendable {
    /// To a request of ours, whose ids are numbers.
    case answer(id: Int, result: JSONValue)
    case refusal(id: Int, RequestRefusal)
    /// Has to be answered, with the same id.
    case request(id: JSONValue, method: String, params: JSONValue)
    case notification(method: String, params: JSONValue)

    /// Nil for what is no message; servers send none that matter.
    package init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let object = value.object else { return nil }
        let params = object["params"] ?? .null
        if let method = object["method"]?.string {
            self =
                object["id"].map { .request(id: $0, method: method, params: params) }
                ?? .notification(method: method, params: params)
            return
        }
        guard let id = object["id"]?.integer else { return nil }
        if let error = object["error"]?.object {
            self = .refusal(
                id: id,
                RequestRefusal(
                    code: error["code"]?.integer ?? 0, message: error["message"]?.string ?? "no reason given"))
        } else {
            self = .answer(id: id, result: object["result"] ?? .null)
        }
    }
}

/// Why a server did not do what it was asked.
package struct RequestRefusal: Error, Hashable, Sendable {
    package var code: Int
    package var message: String

    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    /// The same question may be answered when it is asked again: the server was busy with changes, or gave it up for
    /// another one.
    package var isPassing: Bool { code == -32801 || code == -32802 || code == -32800 }
}
