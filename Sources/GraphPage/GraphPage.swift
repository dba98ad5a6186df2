internal import CZlib
internal import Crypto
internal import Foundation

/// A page that shows a graph: one file that needs nothing else, and that may load and send nothing.
package enum GraphPage {
    /// In the order in which they need one another.
    private static let scripts = [
        PackageResources.dom_js, PackageResources.graph_js, PackageResources.layout_js, PackageResources.scene_js,
        PackageResources.map_js, PackageResources.panel_js, PackageResources.search_js, PackageResources.main_js,
    ]

    /// The whole page.
    /// - Parameters:
    ///   - name: of what is shown.
    ///   - data: JSON, as `PageData` writes it.
    package static func document(name: String, data: [UInt8]) -> [UInt8] {
        // One scope for all scripts, and none of their names in the page's.
        let script = Array("{\n".utf8) + scripts.joined(separator: Array("\n".utf8)) + Array("}\n".utf8)
        let style = PackageResources.page_css
        let policy = """
            default-src 'none'; script-src \(source(script)); style-src \(source(style)); img-src data:; \
            base-uri 'none'; form-action 'none'
            """
        let values: [String: [UInt8]] = [
            "policy": Array(policy.utf8), "name": Array(escaped(name).utf8), "style": style, "script": script,
            "data": Array(Data(compressed(data)).base64EncodedString().utf8),
        ]
        return filled(PackageResources.index_html, values)
    }

    /// The template with `{NAME}` replaced by values; all other braces stay.
    private static func filled(_ template: [UInt8], _ values: [String: [UInt8]]) -> [UInt8] {
        var page: [UInt8] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            page += rest[..<open]
            let name = String(decoding: rest[rest.index(after: open)..<close], as: UTF8.self)
            if let value = values[name] {
                page += value
                rest = rest[rest.index(after: close)...]
            } else {
                page.append(rest[open])
                rest = rest[rest.index(after: open)...]
            }
        }
        return page + rest
    }

    /// What a policy knows an inline script or style by.
    private static func source(_ text: [UInt8]) -> String {
        "'sha256-\(Data(SHA256.hash(data: text)).base64EncodedString())'"
    }

    /// A text as it stands in HTML, between tags and in attributes.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// zlib's deflate.
    private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        return unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                let code = unsafe compress2(
                    buffer.baseAddress, &size, bytes.baseAddress, uLong(bytes.count), 9)
                precondition(code == Z_OK, "zlib has room for all that it may write")
            }
            count = Int(size)
        }
    }
}
