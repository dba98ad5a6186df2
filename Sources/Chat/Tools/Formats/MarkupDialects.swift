extension MarkupDialect {
    /// Qwen3-Coder: `<tool_call>`, `<function=name>`, `<parameter=key>`, the value on lines of its own. It often leaves
    /// `<tool_call>` out, and sometimes closing tags.
    static let qwenCoder = MarkupDialect(
        blockOpening: "<tool_call>", blockClosing: "</tool_call>", standsAlone: true, callOpening: "<function=",
        nameEnd: ">", callClosing: "</function>", parameterOpening: "<parameter=", keyEnds: [(">", nil)],
        valueClosing: "</parameter>", hasLines: true)

    /// GLM-4.5 to 4.7: `<tool_call>name`, then pairs of `<arg_key>` and `<arg_value>`.
    static let glm = MarkupDialect(
        callOpening: "<tool_call>", nameEnd: "", callClosing: "</tool_call>", parameterOpening: "<arg_key>",
        keyEnds: [("</arg_key>", nil)], valueOpening: "<arg_value>", valueClosing: "</arg_value>")

    /// MiniMax M2: `<minimax:tool_call>`, `<invoke name="...">`, `<parameter name="...">`.
    static let miniMax = MarkupDialect(
        blockOpening: "<minimax:tool_call>", blockClosing: "</minimax:tool_call>", standsAlone: true,
        callOpening: "<invoke name=\"", nameEnd: "\">", callClosing: "</invoke>",
        parameterOpening: "<parameter name=\"", keyEnds: [("\">", nil)], valueClosing: "</parameter>")

    /// DeepSeek V3.2: as MiniMax M2 with names of its own; each parameter says whether it is a text.
    static let deepSeekMarkup = MarkupDialect(
        blockOpening: "<｜DSML｜function_calls>", blockClosing: "</｜DSML｜function_calls>", standsAlone: true,
        callOpening: "<｜DSML｜invoke name=\"", nameEnd: "\">", callClosing: "</｜DSML｜invoke>",
        parameterOpening: "<｜DSML｜parameter name=\"",
        keyEnds: [("\" string=\"true\">", true), ("\" string=\"false\">", false)],
        valueClosing: "</｜DSML｜parameter>")
}
