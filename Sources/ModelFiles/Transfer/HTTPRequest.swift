/// A request without a body.
package struct HTTPRequest: Sendable {
    package enum Method: Sendable { case get, head }

    package var url: String
    package var method: Method
    /// Complete header lines, such as "Accept: text/html".
    package var headers: [String] = []
    /// Sent as a bearer token, to `url`'s own host only.
    package var token: String?
    package var followsRedirects = true
    /// Instead of the settings' limit on connecting.
    package var connectTimeoutSeconds: Int?
    /// Limits the whole exchange; nil for downloads of any length.
    package var totalTimeoutSeconds: Int?

    package init(_ url: String, method: Method = .get) {
        self.url = url
        self.method = method
    }
}
