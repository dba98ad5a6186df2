/// Why a language server can answer no more.
package enum ServerFailure: Error, Hashable, Sendable {
    case cannotStart(program: String, reason: String)
    /// - Parameters:
    ///   - status: of its exit, or 128 + the signal that ended it; nil where that is not known.
    ///   - lastWords: the last lines of its standard error.
    case ended(status: Int?, lastWords: [String])
    case overMemory(bytes: Int, limit: Int)
    case unintelligible(MessageFraming.Fault, lastWords: [String])
    /// It did not become ready.
    case notReady(seconds: Double, lastWords: [String])
    case refused(RequestRefusal)
    /// Whoever asked does not want to know any more.
    case cancelled
}

extension ServerFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotStart(let program, let reason): "\(program) cannot be started: \(reason)"
        case .ended(let status, let lastWords):
            "it ended by itself" + (status.map { " with status \($0)" } ?? "") + Self.quoted(lastWords)
        case .overMemory(let bytes, let limit):
            "it held \(bytes >> 20) MiB of memory, \(limit >> 20) MiB are the limit"
        case .unintelligible(let fault, let lastWords):
            "it does not speak the Language Server Protocol: \(fault)" + Self.quoted(lastWords)
        case .notReady(let seconds, let lastWords):
            "it was not ready after \(Int(seconds.rounded(.up))) s" + Self.quoted(lastWords)
        case .refused(let refusal): "it refused to start: \(refusal.message) (\(refusal.code))"
        case .cancelled: "it was given up"
        }
    }

    private static func quoted(_ lines: [String]) -> String {
        lines.isEmpty ? "" : "; its last words: " + lines.joined(separator: " / ")
    }
}
