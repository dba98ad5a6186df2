/// What the parser reads.
struct Token {
    enum Kind: Equatable {
        /// Text outside of tags.
        case data(Text)
        case variableBegin
        case variableEnd
        case blockBegin
        case blockEnd
        case name(String)
        case string(Text)
        case integer(Int)
        case float(Double)
        case symbol(Symbol)
        case end

        /// As messages name it.
        var described: String {
            switch self {
            case .data: "text"
            case .variableBegin: "'{{'"
            case .variableEnd: "'}}'"
            case .blockBegin: "'{%'"
            case .blockEnd: "'%}'"
            case .name(let name): "'\(name)'"
            case .string: "a string"
            case .integer, .float: "a number"
            case .symbol(let symbol): "'\(symbol.rawValue)'"
            case .end: "the end of the template"
            }
        }
    }

    enum Symbol: String {
        case add = "+"
        case subtract = "-"
        case divide = "/"
        case floorDivide = "//"
        case multiply = "*"
        case power = "**"
        case modulo = "%"
        case tilde = "~"
        case leftBracket = "["
        case rightBracket = "]"
        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftBrace = "{"
        case rightBrace = "}"
        case equal = "=="
        case notEqual = "!="
        case greater = ">"
        case greaterOrEqual = ">="
        case less = "<"
        case lessOrEqual = "<="
        case assign = "="
        case dot = "."
        case colon = ":"
        case pipe = "|"
        case comma = ","
        case semicolon = ";"
    }

    let kind: Kind
    /// Byte offset in the source.
    let offset: Int
}
