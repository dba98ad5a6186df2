/// The code in an answer.
enum AnswerCode {
    /// - Parameter continued: the answer goes on with a block of code that was begun for it.
    /// - Returns: the first block, or all of an answer without one.
    static func code(in answer: String, continued: Bool) -> String {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
        let fences = lines.indices.filter { lines[$0].drop(while: { $0 == " " }).hasPrefix("```") }
        guard let first = fences.first else { return answer }
        let before = lines[..<first].joined(separator: "\n")
        // What ends the block that was begun, unless the model began it once more.
        if continued, before.contains(where: { !$0.isWhitespace }) { return before }
        let end = fences.dropFirst().first ?? lines.endIndex
        return lines[(first + 1)..<end].joined(separator: "\n")
    }
}
