internal import Syntax

/// What a match captured beside its finding.
struct MatchParts {
    var name: SyntaxCapture?
    var receiver: SyntaxCapture?
    var type: SyntaxCapture?
    var owner: SyntaxCapture?
    var body: SyntaxCapture?
    var alias: SyntaxCapture?
    var arguments: SyntaxCapture?
    var verb: SyntaxCapture?
    var path: SyntaxCapture?
    /// An expression, and what it says of a variable.
    var expression: Expression?
    /// Pieces of a text that has others between them.
    var value: [SyntaxCapture] = []
    var module: [SyntaxCapture] = []
    var isWildcard = false
    var isPrivate = false
    var isFallback = false

    struct Expression {
        var capture: SyntaxCapture
        var form: BindingForm

        /// Calls that stand in a chain are handed a function each, and the next one's text has all those before in it.
        var isShort: Bool { form.handedIndex == nil || capture.range.count <= 200 }
    }

    /// Whether the capture is a part and not a finding.
    mutating func take(_ capture: SyntaxCapture, as role: CaptureRole) -> Bool {
        switch role {
        case .name: name = capture
        case .receiver: receiver = capture
        case .type: type = capture
        case .value: value.append(capture)
        case .owner: owner = capture
        case .body: body = capture
        case .module: module.append(capture)
        case .alias: alias = capture
        case .arguments: arguments = capture
        case .expression(let form): expression = Expression(capture: capture, form: form)
        case .wildcard: isWildcard = true
        case .verb: verb = capture
        case .path: path = capture
        case .private: isPrivate = true
        case .fallback: isFallback = true
        default: return false
        }
        return true
    }
}
