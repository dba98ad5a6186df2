/// A model behind an address.
package struct Endpoint: Hashable, Sendable {
    /// Whose interface it speaks.
    package enum Dialect: String, CaseIterable, Hashable, Sendable {
        /// `POST /chat/completions`, which nearly everybody speaks.
        case openai
        /// `POST /messages`
        case anthropic

        /// The environment variable that holds the key.
        package var keyVariable: String {
            switch self {
            case .openai: "OPENAI_API_KEY"
            case .anthropic: "ANTHROPIC_API_KEY"
            }
        }

        fileprivate var publicAddress: String {
            switch self {
            case .openai: "https://api.openai.com/v1"
            case .anthropic: "https://api.anthropic.com/v1"
            }
        }
    }

    package var dialect: Dialect
    /// Without a slash at its end: `http://127.0.0.1:8080/v1`
    package var address: String
    package var model: String
    /// Nil where none is asked for.
    package var key: String?

    package init(_ dialect: Dialect, address: String, model: String, key: String? = nil) {
        self.dialect = dialect
        self.address = address
        self.model = model
        self.key = key
    }

    /// - Parameters:
    ///   - reference: `openai:MODEL`, `openai:MODEL@http://127.0.0.1:8080/v1`, `anthropic:MODEL`
    ///   - environment: has the key, in the variable that the dialect's own tools read.
    /// - Returns: nil for what is no endpoint, such as the name of a model of this machine.
    package init?(_ reference: String, environment: [String: String]) {
        guard let colon = reference.firstIndex(of: ":"), let dialect = Dialect(rawValue: String(reference[..<colon]))
        else { return nil }
        let rest = reference[reference.index(after: colon)...]
        var (model, address) = (String(rest), dialect.publicAddress)
        if let at = rest.ranges(of: "@http").last {
            model = String(rest[..<at.lowerBound])
            address = String(rest[rest.index(after: at.lowerBound)...])
        }
        while address.hasSuffix("/") { address.removeLast() }
        guard !model.isEmpty else { return nil }
        let key = environment[dialect.keyVariable].flatMap { $0.isEmpty ? nil : $0 }
        self.init(dialect, address: address, model: model, key: key)
    }
}
