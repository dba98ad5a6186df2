import Chat
import Foundation
import ModelFiles
import Residency
import Server

/// What a server tells: its address on standard output, all else on standard error.
struct ServerLog: Sendable {
    let showsRequests: Bool
    var form = LogFormat.text

    func write(_ event: ServerEvent) {
        // Serving goes on when nobody reads the log any more.
        switch event {
        case .listening(let host, let port):
            let name = host.contains(":") ? "[\(host)]" : host
            try? TextOutput.results.print("http://\(name):\(port)")
        case .draining(let running):
            switch form {
            case .text:
                try? TextOutput.notes.print(
                    "martlet: ending; requests that still run: \(running). A second signal ends at once.")
            case .json:
                try? TextOutput.notes.print(
                    Self.encode(EndingLine(time: Date().formatted(.iso8601), running: running)))
            }
        case .answered(let record):
            guard (showsRequests && !record.isRoutine) || record.failure != nil else { return }
            let line =
                switch form {
                case .text: Self.line(record, at: Date())
                case .json: Self.jsonLine(record, at: Date())
                }
            try? TextOutput.notes.print(line)
        }
    }

    /// Models that come and go.
    func write(_ event: PoolEvent) {
        var line = ModelLine(time: Date().formatted(.iso8601))
        let text: String
        switch event {
        case .loaded(let name, let bytes, let seconds):
            (line.event, line.model, line.bytes) = ("loaded", name, bytes)
            line.seconds = (seconds * 1e6).rounded() / 1e6
            text = "loaded \(name) \(format(seconds, places: 3))s bytes=\(bytes)"
        case .unloaded(let name):
            (line.event, line.model) = ("unloaded", name)
            text = "unloaded \(name)"
        case .loadFailed(let error):
            (line.event, line.model, line.error) = ("load_failed", error.name, "\(error.reason)")
            text = "error=\"\(error)\""
        }
        guard showsRequests || line.error != nil else { return }
        try? TextOutput.notes.print(form == .json ? Self.encode(line) : "\(line.time) \(text)")
    }

    /// Time, method, route, status, duration, then what is known as key=value.
    static func line(_ record: RequestRecord, at date: Date) -> String {
        var fields = [
            date.formatted(.iso8601), record.method, record.route ?? "-", record.status.map(String.init) ?? "-",
            format(record.seconds, places: 3) + "s",
        ]
        if let count = record.promptTokens { fields.append("prompt=\(count)") }
        if let count = record.reusedTokens { fields.append("cached=\(count)") }
        if let count = record.generatedTokens { fields.append("generated=\(count)") }
        if !record.isComplete { fields.append("client=gone") }
        fields.append("id=\(record.id)")
        if let failure = record.failure { fields.append("error=\"\(failure)\"") }
        return fields.joined(separator: " ")
    }

    /// The same as an object; what is not known is left out.
    static func jsonLine(_ record: RequestRecord, at date: Date) -> String {
        encode(
            RequestLine(
                time: date.formatted(.iso8601), id: record.id, method: record.method, route: record.route,
                status: record.status, seconds: (record.seconds * 1e6).rounded() / 1e6, complete: record.isComplete,
                promptTokens: record.promptTokens, reusedTokens: record.reusedTokens,
                generatedTokens: record.generatedTokens, error: record.failure))
    }

    private static func encode(_ line: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, numbers and truth values always have a form.
        return String(decoding: try! encoder.encode(line), as: UTF8.self)
    }

    private struct RequestLine: Encodable {
        let event = "request"
        var time: String
        var id: String
        var method: String
        var route: String?
        var status: Int?
        var seconds: Double
        var complete: Bool
        var promptTokens: Int?
        var reusedTokens: Int?
        var generatedTokens: Int?
        var error: String?

        private enum CodingKeys: CodingKey {
            case event, time, id, method, route, status, seconds, complete, promptTokens, reusedTokens,
                generatedTokens, error
        }
    }

    private struct ModelLine: Encodable {
        var event = ""
        var time: String
        var model = ""
        var seconds: Double?
        var bytes: Int?
        var error: String?

        init(time: String) { self.time = time }
    }

    private struct EndingLine: Encodable {
        let event = "ending"
        var time: String
        var running: Int

        private enum CodingKeys: CodingKey { case event, time, running }
    }
}
