/// A revision of the Model Context Protocol.
package enum ProtocolVersion: String, CaseIterable, Sendable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// Whether each request says for itself which revision it is of; before, a handshake said so for all.
    package var isStateless: Bool { self == .july2026 }

    /// Whether several messages may come as one array: only one revision had that.
    var allowsBatches: Bool { self == .march2025 }

    /// What is offered to clients that ask for a revision that is not known.
    static let newestWithHandshake = november2025

    static var stateless: [ProtocolVersion] { allCases.filter(\.isStateless) }
}

/// Members of `_meta` that the protocol reserves for itself.
enum MetaKey {
    static let version = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
    static let progressToken = "progressToken"
}
