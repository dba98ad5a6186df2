/// HTML and SVG that are whole by the way they are made: every element is closed, and every text and attribute escaped.
/// It can be read as XML too.
struct Markup: Sendable, ExpressibleByStringInterpolation {
    let html: String

    /// A text, foreign or ours.
    init(stringLiteral text: String) { html = ForeignText.html(text) }

    init(_ text: String) { self.init(stringLiteral: text) }

    private init(whole html: String) { self.html = html }

    static let nothing = Markup(whole: "")

    static func tag(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: Markup...) -> Markup
    {
        tag(name, attributes, children)
    }

    static func tag(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup]) -> Markup {
        let attributes = attributes.map { " \($0)=\"\(ForeignText.html($1))\"" }.joined()
        if children.isEmpty && closingThemselves.contains(name) { return Markup(whole: "<\(name)\(attributes) />") }
        let inside = children.map(\.html).joined()
        let outside = blocks.contains(name) ? "\n" : ""
        return Markup(whole: "<\(name)\(attributes)>\(inside)</\(name)>\(outside)")
    }

    static func joined(_ parts: [Markup]) -> Markup { Markup(whole: parts.map(\.html).joined()) }

    /// Lines as they are.
    static func lines(_ text: String, _ attributes: KeyValuePairs<String, String> = [:]) -> Markup {
        // HTML takes a line break away that stands first.
        tag("pre", attributes, Markup(text.first == "\n" ? "\n" + text : text))
    }

    /// A style sheet of ours, which has no sign that would have to be escaped.
    static func style(_ sheet: String) -> Markup {
        precondition(!sheet.contains { $0 == "<" || $0 == "&" }, "a style sheet stands in the page as it is")
        return Markup(whole: "<style>\(sheet)</style>\n")
    }

    private static let closingThemselves: Set<String> = [
        "meta", "circle", "line", "path", "polygon", "polyline", "rect",
    ]
    private static let blocks: Set<String> = [
        "details", "div", "figure", "h2", "h3", "head", "header", "li", "p", "pre", "section", "svg", "table", "title",
        "tr", "ul",
    ]
}
