import ArgumentParser
import Foundation
import Settings

/// What an error becomes: text for standard error (or output, for help) and an exit status.
///
/// This is the one place where errors turn into prose that a user sees: 0 success, 1 a negative result, 2 an error.
struct ErrorReport: Equatable {
    var text: String
    var status: Int32
    var isHelp = false

    /// Something went wrong while a command ran.
    init(_ error: any Error) {
        switch error {
        case OutputError.closed:
            // As a program does that a broken pipe ends: nobody is left to tell.
            self.init(text: "", status: 128 + SIGPIPE)
        case is CancellationError:
            self.init(text: "", status: 128 + SIGINT)
        case let exit as ExitCode:
            self.init(text: "", status: exit.rawValue)
        case _ where Martlet.exitCode(for: error).isSuccess:
            self.init(parsing: error, arguments: [])
        case is ValidationError:
            self.init(text: "martlet: \(Martlet.message(for: error))", status: 2)
        case let error as any CustomStringConvertible where !(error is NSError):
            self.init(text: "martlet: \(Self.continued("\(error)"))", status: 2)
        default:
            self.init(text: "martlet: \(Self.continued(error.localizedDescription))", status: 2)
        }
    }

    /// A sentence as it goes on after the program's name: `There is ...` becomes `there is ...`, names stay.
    static func continued(_ sentence: String) -> String {
        let word = sentence.prefix { $0.isLetter }
        guard let first = word.first, word.dropFirst().allSatisfy(\.isLowercase),
            sentence.dropFirst(word.count).first == " "
        else { return sentence }
        return first.lowercased() + sentence.dropFirst()
    }

    /// The command line was not understood, or asked for help.
    init(parsing error: any Error, arguments: [String]) {
        let full = Martlet.fullMessage(for: error)
        guard !Martlet.exitCode(for: error).isSuccess else {
            self.init(text: full, status: 0, isHelp: true)
            return
        }
        var message = Martlet.message(for: error)
        if let first = arguments.first, !first.hasPrefix("-"), !Martlet.subcommandNames.contains(first) {
            message = "there is no command '\(first)'."
            if let nearest = nearestName(to: first, among: Martlet.subcommandNames) {
                message += " Did you mean '\(nearest)'?"
            }
        }
        // What follows the message in the full text: the usage line and where to find help.
        let usage = full.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("Usage:") }
        self.init(text: (["martlet: \(message)"] + usage.map(String.init)).joined(separator: "\n"), status: 2)
    }

    private init(text: String, status: Int32, isHelp: Bool = false) {
        self.text = text
        self.status = status
        self.isHelp = isHelp
    }

    /// Prints the text and ends the process.
    func exit() -> Never {
        if !text.isEmpty { try? (isHelp ? TextOutput.results : .notes).print(text) }
        Foundation.exit(status)
    }
}
