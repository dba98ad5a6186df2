/// What the text of an answer has to be. A model that is free to answer so is held to it token by token.
package enum ResponseFormat: Hashable, Sendable {
    case text
    /// Any JSON object.
    case jsonObject
    /// A value that a JSON schema allows; the schema as JSON text.
    case jsonSchema(String)
    /// What a grammar in llama.cpp's notation (GBNF) matches.
    case grammar(String)
    /// What a regular expression in JavaScript's notation matches as a whole.
    case regularExpression(String)
    /// One of some texts.
    case choice([String])
}
