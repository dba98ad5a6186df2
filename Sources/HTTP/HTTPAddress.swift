import CCurl

/// A URL as text, taken apart by libcurl's parser, the one that will use it.
package struct HTTPAddress: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var host: String? { part(CURLUPART_HOST) }
    package var user: String? { part(CURLUPART_USER) }

    /// Scheme, host and port: what credentials belong to.
    package var origin: String? {
        guard let scheme = part(CURLUPART_SCHEME), let host, let port = part(CURLUPART_PORT) else { return nil }
        return "\(scheme)://\(host):\(port)"
    }

    /// `reference` seen from here.
    package func resolve(_ reference: String) -> HTTPAddress? {
        guard ccurl_load() == 0 else { return nil }
        return unsafe Self.take(ccurl_url_resolve(text, reference)).map { HTTPAddress($0) }
    }

    /// With the user and password of `other` if it is the same origin and this one has none.
    package func withCredentials(of other: HTTPAddress) -> HTTPAddress {
        guard user == nil, let user = other.user, origin == other.origin else { return self }
        let named = unsafe Self.take(ccurl_url_replace(text, CURLUPART_USER, user)) ?? text
        guard let password = other.part(CURLUPART_PASSWORD) else { return HTTPAddress(named) }
        return unsafe HTTPAddress(Self.take(ccurl_url_replace(named, CURLUPART_PASSWORD, password)) ?? named)
    }

    /// For messages and manifests.
    package var withoutCredentials: String {
        // The cheap way first: it also works where libcurl is missing.
        guard text.contains("@") else { return text }
        guard ccurl_load() == 0,
            let anonymous = unsafe Self.take(ccurl_url_replace(text, CURLUPART_USER, nil)),
            let result = unsafe Self.take(ccurl_url_replace(anonymous, CURLUPART_PASSWORD, nil))
        else { return "(an address with credentials)" }
        return result
    }

    private func part(_ part: CURLUPart) -> String? {
        guard ccurl_load() == 0 else { return nil }
        return unsafe Self.take(ccurl_url_part(text, part))
    }

    private static func take(_ text: UnsafeMutablePointer<CChar>?) -> String? {
        guard let text = unsafe text else { return nil }
        defer { unsafe ccurl_free(text) }
        return unsafe String(cString: text)
    }
}
