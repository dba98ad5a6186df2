/// How to reach servers: certificates and time limits. Proxies are libcurl's own reading of `https_proxy` and the like.
package struct HTTPSettings: Hashable, Sendable {
    /// A file of trusted certificates in PEM form, instead of the system's.
    package var certificateFile: String?
    /// A folder of trusted certificates, instead of the system's.
    package var certificateFolder: String?
    package var userAgent = "martlet"
    package var connectTimeoutSeconds = 20
    /// A transfer that brings nothing for so long has failed.
    package var stallTimeoutSeconds = 30

    package init() {}

    /// Reads the variables that the curl command honours; libcurl itself does not.
    package init(environment: [String: String]) {
        self.init()
        certificateFile = environment.nonEmpty("CURL_CA_BUNDLE") ?? environment.nonEmpty("SSL_CERT_FILE")
        certificateFolder = environment.nonEmpty("SSL_CERT_DIR")
    }
}

extension [String: String] {
    /// The variable's value unless it is missing or empty.
    package func nonEmpty(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
