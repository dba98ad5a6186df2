import ArgumentParser

/// Where to listen: `127.0.0.1:8090`, `[::1]:8090`, or a port of this machine's own.
struct ListenAddress: ExpressibleByArgument, Equatable {
    var host: String
    var port: Int

    init?(argument: String) {
        var host = "127.0.0.1"
        var port = argument[...]
        if let colon = argument.lastIndex(of: ":") {
            host = String(argument[..<colon])
            port = argument[argument.index(after: colon)...]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, let port = UInt16(port) else { return nil }
        self.host = host
        self.port = Int(port)
    }
}
