/// What a render may consume. The defaults leave real templates a factor of a hundred or more.
package struct TemplateLimits: Hashable, Sendable {
    /// Work: one step per evaluated node, loop turn and list item, and per 8 bytes of text made.
    package var steps = 50_000_000
    /// Bytes of the longest string, and of the rendered text.
    package var textBytes = 64 << 20
    /// Levels of nested evaluation. What one level needs of the stack is small, but not nothing.
    package var evaluationDepth = 400

    package init() {}
}

/// A chat template as model files carry it: Jinja as `transformers` configures it, compiled once, rendered many times.
///
/// - SeeAlso: https://huggingface.co/docs/transformers/chat_templating, https://jinja.palletsprojects.com
package struct ChatTemplate: Sendable {
    private let source: SourceText
    private let statements: [Statement]
    private let bindings: Bindings

    /// Compiles `source`. Constructs outside of the subset are found here, except unknown filters and tests under an
    /// `if`, which fail when they run, as in Jinja.
    package init(source: String) throws(ChatTemplateError) {
        self.source = SourceText(source)
        var parser = try Parser(self.source)
        statements = try parser.parse()
        bindings = try Binder.bind(statements, parser: parser)
    }

    /// The text that the model reads.
    ///
    /// - Parameters:
    ///   - context: the template's variables: `messages`, `tools`, `add_generation_prompt`, `bos_token` and others.
    ///   - clock: what `strftime_now` asks.
    package func render(
        _ context: TemplateMap, limits: TemplateLimits = TemplateLimits(), clock: TemplateClock = .system
    ) throws(ChatTemplateError) -> String {
        let renderer = Renderer(bindings: bindings, context: context, limits: limits, clock: clock)
        do {
            return String(decoding: try renderer.run(statements), as: UTF8.self)
        } catch {
            throw error.located(at: source.location(of: renderer.offset))
        }
    }
}
