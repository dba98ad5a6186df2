package import JSON

/// Frames of an event stream.
/// - SeeAlso: WHATWG HTML, section 9.2, server-sent events.
package enum ServerSentEvents {
    package static let contentType = "text/event-stream; charset=utf-8"

    /// One message. Its data must be one line, which JSON on the wire is.
    package static func message(_ data: [UInt8]) -> [UInt8] {
        Array("data: ".utf8) + data + Array("\n\n".utf8)
    }

    /// A message of a named kind.
    package static func message(_ event: String, _ data: JSONValue) -> [UInt8] {
        var bytes = Array("event: \(event)\ndata: ".utf8)
        data.write(to: &bytes)
        bytes += "\n\n".utf8
        return bytes
    }

    /// Something that readers skip; it shows that the other side is still there.
    package static func comment(_ text: String) -> [UInt8] {
        Array(": \(text)\n\n".utf8)
    }

    /// What ends OpenAI's streams.
    package static let done = message(Array("[DONE]".utf8))
}
