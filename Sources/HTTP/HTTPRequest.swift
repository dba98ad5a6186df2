/// A request, with a body where it posts one.
package struct HTTPRequest: Sendable {
    package enum Method: Sendable { case get, head, post }

    package var url: String
    package var method: Method
    /// Complete header lines, such as "Accept: text/html".
    package var headers: [String] = []
    /// What is posted; its type is one of the headers.
    package var body: [UInt8] = []
    /// Sent as a bearer token, to `url`'s own host only.
    package var token: String?
    package var followsRedirects = true
    /// Instead of the settings' limit on connecting.
    package var connectTimeoutSeconds: Int?
    /// Instead of the settings' limit on silence: models may think for long before they say a word.
    package var stallTimeoutSeconds: Int?
    /// Limits the whole exchange; nil for downloads of any length.
    package var totalTimeoutSeconds: Int?

    package init(_ url: String, method: Method = .get) {
        self.url = url
        self.method = method
    }
}
