import Foundation
import Server

/// What a server tells: its address on standard output, all else on standard error.
struct ServerLog: Sendable {
    let showsRequests: Bool

    func write(_ event: ServerEvent) {
        // Serving goes on when nobody reads the log any more.
        switch event {
        case .listening(let host, let port):
            let name = host.contains(":") ? "[\(host)]" : host
            try? TextOutput.results.print("http://\(name):\(port)")
        case .draining(let running):
            try? TextOutput.notes.print(
                "martlet: ending; requests that still run: \(running). A second signal ends at once.")
        case .answered(let record):
            guard showsRequests || record.failure != nil else { return }
            try? TextOutput.notes.print(Self.line(record, at: Date()))
        }
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
}
