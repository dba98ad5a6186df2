internal import Foundation

/// What a commit's message asks for: without what names people, other places, or the commit itself.
package enum CommitMessage {
    /// The message as a task that is still to be done.
    package static func task(_ message: String) -> String {
        var lines = message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        // The subject of a commit may look like a trailer: `fix: an empty host`
        lines = (lines.prefix(1) + lines.dropFirst().filter { !isTrailer($0) }).map(plain)
        return lines.joined(separator: "\n").replacing(/\n{3,}/, with: "\n\n").trimmed
    }

    private static func isTrailer(_ line: String) -> Bool {
        guard let colon = line.firstIndex(of: ":"), line[colon...].hasPrefix(": ") else { return false }
        let key = line[..<colon].lowercased()
        return key.hasSuffix("-by") || trailers.contains(key)
    }

    private static let trailers: Set<String> = [
        "cc", "change-id", "closes", "fixes", "resolves", "refs", "ref", "see-also", "link", "issue",
        "issues", "pr", "pull-request", "reviewed-on", "gitorigin-revid", "differential revision", "release-note",
        "related", "related-to", "cherry-picked-from", "git-svn-id",
    ]

    /// A line without numbers of issues, their addresses, and names of commits.
    private static func plain(_ line: String) -> String {
        var text = line
        text.replace(/https?:\/\/\S*\/(?:issues|pull|pulls|commit|merge_requests)\/\S*/, with: "")
        text.replace(/(?i)\((?:cherry picked from commit|backport of)[^)]*\)/, with: "")
        text.replace(
            /(?i)\b(?:clos|fix|resolv|ref|see)(?:e|es|ed|s)?\s*:?\s+(?:[\w.-]+\/[\w.-]+)?(?:#|gh-)\d+\b/,
            with: "")
        text.replace(/(?i)\(?\b(?:[\w.-]+\/[\w.-]+)?(?:#|gh-)\d+\b\)?/, with: "")
        text.replace(/\(?#\d+\b\)?/, with: "")
        text.replace(/\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b/, with: "")
        if text != line {
            // What stood around it.
            text.replace(/\(\s*[,;]?\s*\)/, with: "")
            text.replace(/\[\s*\]/, with: "")
            text.replace(/[ \t]{2,}/, with: " ")
            text.replace(/\s+([.,;:])/) { String($0.output.1) }
            text = text.trimmed
            if text.allSatisfy({ !$0.isLetter && !$0.isNumber }) { text = "" }
        }
        return text
    }
}
