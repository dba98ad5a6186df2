/// How a server behaves. Times and sizes have defaults that suit a machine of one's own.
package struct ServerConfiguration: Sendable {
    /// Of the program, for those who ask.
    package var version = "0"
    package var host = "127.0.0.1"
    /// 0: one that is free.
    package var port = 8080
    /// None: everybody who reaches the server may use it.
    package var keys = APIKeys()
    /// Bytes of a request's body.
    package var bodyLimit = 32 << 20
    /// Connections at a time; further ones are closed at once.
    package var connectionLimit = 1024
    /// A stream is never silent for longer.
    package var heartbeat = Duration.seconds(3)
    /// How long a client may take nothing of what is ready for it.
    package var stallLimit = Duration.seconds(60)
    /// A connection is closed when nothing has come for this long, or up to twice as long, and nothing is being answered.
    package var idleLimit = Duration.seconds(120)
    /// Adapters that clients name are loaded from this folder and those in it, and from nowhere else; nil: they name none.
    package var adapterFolder: String?
    /// How long running requests may go on once the server is to end.
    package var drainLimit = Duration.seconds(30)

    /// Where clients may save what slots hold; nil for nowhere.
    package var slotFolder: String?

    package init() {}

    /// Whether only this machine reaches the server.
    package var isLocal: Bool { Self.isLoopback(host) }

    /// The same for the value of a `Host` header, which may end with a port.
    static func isLoopback(host: String) -> Bool {
        if host.hasPrefix("[") { return isLoopback(String(host.dropFirst().prefix { $0 != "]" })) }
        return isLoopback(String(host.prefix { $0 != ":" }).lowercased())
    }

    /// The same for the value of an `Origin` header; `null` is what pages send that hide where they are from.
    static func isLoopback(origin: String) -> Bool {
        for scheme in ["http://", "https://"] where origin.lowercased().hasPrefix(scheme) {
            return isLoopback(host: String(origin.dropFirst(scheme.count)))
        }
        return false
    }

    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
