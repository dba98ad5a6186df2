import ArgumentParser
import Foundation
import Server

/// How a server writes its log.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    /// An object a line, for programs.
    case json
}

/// Flags that say who may reach a server, and where.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on; others than this machine's own need keys.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Port to listen on; 0 takes a free one.", valueName: "number"))
    var port = 8080

    @Option(
        help: ArgumentHelp(
            """
            File with the keys that clients must send, one a line, as they are or as sha256: and 64 digits. The variable \
            MARTLET_API_KEY gives one more.
            """, valueName: "path"), completion: .file())
    var apiKeyFile: String?

    @Option(
        help: ArgumentHelp(
            "Folder that clients may load LoRA adapters from, by /v1/load_lora_adapter. Without it they load none.",
            valueName: "path"), completion: .directory)
    var adapterFolder: String?

    @Option(
        help: ArgumentHelp(
            "Seconds that running requests may take when the server is told to end.", valueName: "seconds"))
    var drainSeconds = 30

    @Option(help: ArgumentHelp("Form of the line for each request: text or json.", valueName: "form"))
    var logFormat = LogFormat.text

    @Option(
        help: ArgumentHelp(
            "Folder in which clients may save and restore slots by llama-server's route for it.", valueName: "path"),
        completion: .directory)
    var slotSavePath: String?

    @Flag(help: "Print a systemd unit that runs this command, and exit.")
    var service = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port takes 0 to 65535.") }
        guard (0...86400).contains(drainSeconds) else { throw ValidationError("--drain-seconds takes 0 to 86400.") }
    }

    func configuration() throws -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.version = Martlet.configuration.version
        configuration.host = host
        configuration.port = port
        configuration.drainLimit = .seconds(drainSeconds)
        configuration.slotFolder = slotSavePath
        configuration.adapterFolder = adapterFolder
        configuration.keys = try Self.keys(
            file: apiKeyFile, environment: ProcessInfo.processInfo.environment)
        return configuration
    }

    /// Empty lines of the file and those that begin with # do not count.
    static func keys(file: String?, environment: [String: String]) throws -> APIKeys {
        var keys = APIKeys()
        if let key = environment["MARTLET_API_KEY"], !key.isEmpty { keys.add(key) }
        guard let path = file else { return keys }
        guard let text = String(validating: try readFile(path), as: UTF8.self) else {
            throw CommandError.notText(path: path)
        }
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard keys.add(line: line) else { throw CommandError.wrongKeyDigest(path: path, line: index + 1) }
        }
        guard !keys.isEmpty else { throw CommandError.noKeys(path: path) }
        return keys
    }
}
