/// A file of the page, as browsers get it.
package struct PageFile: Sendable {
    package let contentType: String
    package let bytes: [UInt8]
}

/// The page that a server shows to people: plain files without a build step, in the binary.
///
/// All of them work under a policy that lets the page talk to its own server and to nobody else.
package enum WebPage {
    /// What the browser may load, run and send.
    package static let contentSecurityPolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    /// The page itself.
    package static let index = PageFile(
        contentType: "text/html; charset=utf-8", bytes: PackageResources.index_html)

    /// What the page asks for, by name.
    package static let files: [String: PageFile] = [
        "page.css": PageFile(contentType: "text/css; charset=utf-8", bytes: PackageResources.page_css),
        "icon.svg": PageFile(contentType: "image/svg+xml", bytes: PackageResources.icon_svg),
        "answer.js": script(PackageResources.answer_js),
        "api.js": script(PackageResources.api_js),
        "code.js": script(PackageResources.code_js),
        "dom.js": script(PackageResources.dom_js),
        "files.js": script(PackageResources.files_js),
        "highlight.js": script(PackageResources.highlight_js),
        "inline.js": script(PackageResources.inline_js),
        "live.js": script(PackageResources.live_js),
        "main.js": script(PackageResources.main_js),
        "markdown.js": script(PackageResources.markdown_js),
        "settings.js": script(PackageResources.settings_js),
        "sidebar.js": script(PackageResources.sidebar_js),
        "store.js": script(PackageResources.store_js),
        "theme.js": script(PackageResources.theme_js),
        "thread.js": script(PackageResources.thread_js),
    ]

    private static func script(_ bytes: [UInt8]) -> PageFile {
        PageFile(contentType: "text/javascript; charset=utf-8", bytes: bytes)
    }
}
