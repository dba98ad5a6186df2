import Foundation
import Settings

/// What a line of a chat asks of the program instead of the model.
enum SlashCommand: Equatable {
    case help
    case clear
    case system(String)
    case save(path: String)
    case load(path: String)
    case exit
    case unknown(name: String, nearest: String?)

    static let listing = """
        /clear         forget the conversation
        /system TEXT   set the system message and start over; without TEXT, the model's own
        /save FILE     write the conversation to a file (JSON)
        /load FILE     go on with a conversation from a file
        /exit          leave (Ctrl-D does too)
        \"""            begin a text of several lines, ended by \""" on a line of its own
        Alt-Enter makes a new line, Ctrl-C stops an answer, Ctrl-R searches earlier lines.
        """

    private static let names = ["help", "clear", "system", "save", "load", "exit"]

    /// Nil when the line is for the model. `//` begins a message with a slash.
    init?(_ line: String) {
        guard line.hasPrefix("/"), !line.hasPrefix("//"), !line.contains("\n") else { return nil }
        let words = line.dropFirst().split(separator: " ", maxSplits: 1)
        let name = words.first.map { $0.lowercased() } ?? ""
        // A path is no command.
        if name.contains("/") { return nil }
        let rest = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
        switch name {
        case "help", "?", "": self = .help
        case "clear": self = .clear
        case "system": self = .system(rest)
        case "save": self = .save(path: rest)
        case "load": self = .load(path: rest)
        case "exit", "quit", "bye": self = .exit
        default: self = .unknown(name: name, nearest: nearestName(to: name, among: Self.names))
        }
    }
}
