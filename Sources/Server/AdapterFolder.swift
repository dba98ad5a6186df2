import Foundation
import WireFormats

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The folder that clients may load adapters from: what they name lies in it, also when all links are followed.
struct AdapterFolder: Sendable {
    private let root: String?

    /// - Parameter root: nil: clients may load nothing.
    init(_ root: String?) { self.root = root }

    /// The file or folder that a client means, all links followed.
    /// - Parameter name: relative to the folder, or absolute and in it.
    /// - Throws: 403 for what lies elsewhere, whether it is there or not; 404 for what is not there.
    func path(of name: String) throws(APIError) -> String {
        guard let root else {
            throw Self.forbidden(
                """
                This server loads no adapters that clients name. Start it with --adapter-folder and the folder that they \
                may be in.
                """)
        }
        guard !name.isEmpty, !name.utf8.contains(0), let real = Self.resolved(root) else { throw Self.missing(name) }
        let path = name.hasPrefix("/") ? name : root + "/" + name
        let plain = (path as NSString).standardizingPath
        let isInside = [root, (root as NSString).standardizingPath, real].contains { Self.contains($0, plain) }
        guard isInside else { throw Self.elsewhere }
        guard let found = Self.resolved(path) else { throw Self.missing(name) }
        guard Self.contains(real, found) else { throw Self.elsewhere }
        return found
    }

    private static func contains(_ folder: String, _ path: String) -> Bool {
        path == folder || path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/")
    }

    /// Absolute and without links; nil where there is nothing.
    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func forbidden(_ message: String) -> APIError {
        APIError(
            status: 403, kind: .invalidRequest, message: message, parameter: "lora_path", code: "path_not_allowed")
    }

    private static var elsewhere: APIError {
        forbidden(
            """
            'lora_path' leads out of the folder that this server takes adapters from. Move the adapter there, and name it \
            relative to the folder.
            """)
    }

    private static func missing(_ name: String) -> APIError {
        APIError(
            status: 404, kind: .invalidRequest,
            message: "There is no '\(name.prefix(200))' in the folder that this server takes adapters from.",
            parameter: "lora_path", code: "adapter_not_found")
    }
}
