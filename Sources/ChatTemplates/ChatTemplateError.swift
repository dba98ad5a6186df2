/// A place in a template's source. Both numbers start at 1; columns count unicode scalars.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column)" }
}

/// What a render may consume; a template that exceeds it is refused instead of hanging the program.
package enum TemplateResource: Hashable, Sendable {
    /// Evaluated nodes, loop turns and bytes moved, see `TemplateLimits.steps`.
    case steps(limit: Int)
    /// Bytes of one string, and of the rendered text.
    case textBytes(limit: Int)
    /// Evaluation nested in evaluation: macro calls, blocks, parentheses.
    case evaluationDepth(limit: Int)
    /// Lists, maps and lazy sequences inside one another.
    case valueDepth(limit: Int)
}

/// Why a chat template can't be compiled, or didn't render.
package enum ChatTemplateError: Error, Hashable, Sendable {
    /// The source is no Jinja.
    case syntax(String, at: SourceLocation)
    /// Valid Jinja that is outside of the subset; `construct` names it.
    case unsupported(construct: String, at: SourceLocation)
    /// The template itself refused its input, with `raise_exception`.
    case raised(message: String, at: SourceLocation)
    /// Something undefined was used for more than a test or output.
    case undefined(String, at: SourceLocation)
    /// An operation that its operands don't allow: a type, a value, an argument.
    case evaluation(String, at: SourceLocation)
    /// A limit was reached.
    case exhausted(TemplateResource, at: SourceLocation)

    package var location: SourceLocation {
        switch self {
        case .syntax(_, let location), .unsupported(_, let location), .raised(_, let location),
            .undefined(_, let location), .evaluation(_, let location), .exhausted(_, let location):
            location
        }
    }
}

extension ChatTemplateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let problem, let location):
            "The chat template is malformed at \(location): \(problem)."
        case .unsupported(let construct, let location):
            "The chat template uses \(construct) at \(location), which Martlet does not support."
        case .raised(let message, let location):
            "The chat template refuses this conversation (\(location)): \(message)"
        case .undefined(let problem, let location):
            "The chat template needs a value that this conversation lacks (\(location)): \(problem)."
        case .evaluation(let problem, let location):
            "The chat template fails at \(location): \(problem)."
        case .exhausted(let resource, let location):
            "The chat template was stopped at \(location): it exceeds \(resource)."
        }
    }
}

extension TemplateResource: CustomStringConvertible {
    package var description: String {
        switch self {
        case .steps(let limit): "\(limit) steps of work"
        case .textBytes(let limit): "\(limit) bytes of text"
        case .evaluationDepth(let limit): "\(limit) levels of nested evaluation"
        case .valueDepth(let limit): "\(limit) levels of nested lists and maps"
        }
    }
}

/// A failure while rendering, before its place in the source is known.
enum RenderFailure: Error {
    case raised(String)
    case undefined(String)
    case evaluation(String)
    case unsupported(String)
    case exhausted(TemplateResource)

    func located(at location: SourceLocation) -> ChatTemplateError {
        switch self {
        case .raised(let message): .raised(message: message, at: location)
        case .undefined(let problem): .undefined(problem, at: location)
        case .evaluation(let problem): .evaluation(problem, at: location)
        case .unsupported(let construct): .unsupported(construct: construct, at: location)
        case .exhausted(let resource): .exhausted(resource, at: location)
        }
    }
}
