import Chat

private let nastyCode = """
    import re
    TAGS = ["</parameter>", "<parameter=path>", "</function>", "<tool_call>", "</tool_call>"]
    s = "\\"quoted\\" \\\\ back\\tslash" + '{"name": "x"}' # ünï 漢字 😀
    if a < b and c </parameter> d: pass
    \tx = [1, {"a": [2]}]\r
    """

/// `nastyCode` as JSON has it.
private let nastyJSON =
    #"import re\nTAGS = [\"</parameter>\", \"<parameter=path>\", \"</function>\", \"<tool_call>\", \"</tool_call>\"]\n"#
    + #"s = \"\\\"quoted\\\" \\\\ back\\tslash\" + '{\"name\": \"x\"}' # ünï 漢字 😀\n"#
    + #"if a < b and c </parameter> d: pass\n\tx = [1, {\"a\": [2]}]\r"#

let markupCorpus: [CorpusItem] = [
    // MARK: Qwen3-Coder
    CorpusItem(.qwenCoder, "plain answer", "  Hello <b>you</b>.\n\n", [.text("  Hello <b>you</b>.\n\n")]),
    CorpusItem(
        .qwenCoder, "text and a call",
        "I'll write it.\n\n<tool_call>\n<function=write_file>\n<parameter=path>\na.py\n</parameter>\n<parameter=content>\n"
            + nastyCode + "\n</parameter>\n</function>\n</tool_call>",
        [.text("I'll write it."), .call("write_file", #"{"path": "a.py", "content": ""# + nastyJSON + #""}"#)]),
    CorpusItem(
        .qwenCoder, "two calls, text behind",
        """
        <tool_call>
        <function=get_weather>
        <parameter=city>
        Zürich
        </parameter>
        <parameter=days>
        3
        </parameter>
        </function>
        </tool_call>
        <tool_call>
        <function=now>
        </function>
        </tool_call>
        Done.
        """,
        [.call("get_weather", #"{"city": "Zürich", "days": 3}"#), .call("now", "{}"), .text("\nDone.")]),
    CorpusItem(
        .qwenCoder, "no tool_call tag",
        "Sure:\n<function=run>\n<parameter=command>\nls -l\n</parameter>\n</function>\n</tool_call>",
        [.text("Sure:"), .call("run", #"{"command": "ls -l"}"#)]),
    CorpusItem(
        .qwenCoder, "a missing closing tag",
        "<tool_call>\n<function=write_file>\n<parameter=path>\na\n<parameter=content>\nx\ny\n</function>\n</tool_call>",
        [.call("write_file", #"{"path": "a", "content": "x\ny"}"#)]),
    CorpusItem(
        .qwenCoder, "a missing end of the function",
        "<tool_call>\n<function=run>\n<parameter=command>\nls\n</parameter>\n</tool_call>\n<tool_call>\n<function=now>\n</function>\n</tool_call>",
        [.call("run", #"{"command": "ls"}"#), .call("now", "{}")]),
    CorpusItem(
        .qwenCoder, "one line end on each side is layout, others are not",
        "<tool_call>\n<function=write_file>\n<parameter=path>\n\n a \n\n</parameter>\n<parameter=content>\n\r\nx\r\n\n</parameter>\n</function>\n</tool_call>",
        [.call("write_file", #"{"path": "\n a \n", "content": "\r\nx\r\n"}"#)]),
    CorpusItem(
        .qwenCoder, "values without line ends, empty values",
        "<tool_call><function=write_file><parameter=path>a b</parameter><parameter=content></parameter></function></tool_call>",
        [.call("write_file", #"{"path": "a b", "content": ""}"#)]),
    CorpusItem(
        .qwenCoder, "values by their schema",
        """
        <tool_call>
        <function=run>
        <parameter=command>
        123
        </parameter>
        <parameter=timeout>
         5.0
        </parameter>
        <parameter=background>
        None
        </parameter>
        <parameter=directory>
        null
        </parameter>
        <parameter=note>
        nullable but text
        </parameter>
        <parameter=environment>
        {'A': True, "b": [1, None,],}
        </parameter>
        <parameter=arguments>
        ["</parameter>", "x"]
        </parameter>
        <parameter=nice>
        1e3
        </parameter>
        <parameter=anything>
        {"k": 1}
        </parameter>
        <parameter=id>
        42
        </parameter>
        </function>
        </tool_call>
        """,
        [
            .call(
                "run",
                #"{"command": "123", "timeout": 5, "background": null, "directory": null, "note": "nullable but text", "#
                    + #""environment": {"A": true, "b": [1, null]}, "arguments": ["</parameter>", "x"], "nice": 1e3, "#
                    + #""anything": {"k": 1}, "id": 42}"#)
        ]),
    CorpusItem(
        .qwenCoder, "values that their schema does not fit stay text",
        "<tool_call>\n<function=run>\n<parameter=timeout>\nsoon\n</parameter>\n<parameter=background>\nTRUE\n</parameter>\n<parameter=environment>\n{broken\n</parameter>\n<parameter=anything>\nsome words\n</parameter>\n</function>\n</tool_call>",
        [
            .call(
                "run",
                #"{"timeout": "soon", "background": true, "environment": "{broken", "anything": "some words"}"#)
        ]),
    CorpusItem(
        .qwenCoder, "a document of the format itself",
        """
        <tool_call>
        <function=write_file>
        <parameter=path>
        doc.md
        </parameter>
        <parameter=content>
        Call it so:
        <tool_call>
        <function=run>
        <parameter=command>
        ls
        </parameter>
        </function>
        </tool_call>
        and <parameter=content> too.
        <parameter=path>
        x
        </parameter>
        The end.
        </parameter>
        </function>
        </tool_call>
        """,
        [
            .call(
                "write_file",
                #"{"path": "doc.md", "content": "Call it so:\n<tool_call>\n<function=run>\n<parameter=command>\nls\n"#
                    + #"</parameter>\n</function>\n</tool_call>\nand <parameter=content> too.\n<parameter=path>\nx\n"#
                    + #"</parameter>\nThe end."}"#)
        ]),
    CorpusItem(
        .qwenCoder, "a value that opens and does not close",
        "<tool_call>\n<function=write_file>\n<parameter=path>\nt\n</parameter>\n<parameter=content>\n<tool_call>\n<function=run>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>\n",
        [
            .call(
                "write_file",
                #"{"path": "t", "content": "<tool_call>\n<function=run>\n<parameter=command>\nls"}"#)
        ]),
    CorpusItem(
        .qwenCoder, "unknown parameters are content, and so are those the call has",
        "<tool_call>\n<function=write_file>\n<parameter=path>\na\n</parameter>\n<parameter=content>\n1\n</parameter>\n<parameter=other>\n2\n</parameter>\n<parameter=path>\n3\n</parameter>\n</function>\n</tool_call>",
        [
            .call(
                "write_file",
                #"{"path": "a", "content": "1\n</parameter>\n<parameter=other>\n2\n</parameter>\n<parameter=path>\n3"}"#
            )
        ]),
    CorpusItem(
        .qwenCoder, "prose that mentions tags",
        "The model writes `<tool_call>` and then <function=name>, as in\n<tool_call>\nsomething\n</tool_call>\nor </parameter>.",
        [
            .text(
                "The model writes `<tool_call>` and then <function=name>, as in\n<tool_call>\nsomething\n</tool_call>\nor </parameter>."
            )
        ]),
    CorpusItem(
        .qwenCoder, "an unknown tool within its tags is a call, without them prose",
        "<function=nothing>\n<parameter=a>\n1\n</parameter>\n</function>\n<tool_call>\n<function=unknown>\n<parameter=a>\n1\n</parameter>\n</function>\n</tool_call>",
        [
            .text("<function=nothing>\n<parameter=a>\n1\n</parameter>\n</function>"),
            .call("unknown", #"{"a": "1"}"#),
        ]),
    CorpusItem(
        .qwenCoder, "calls in a thought are none",
        "<think>\nI could <tool_call>\n<function=now>\n</function>\n</tool_call>\n</think>\n\nNo.\n<tool_call>\n<function=now>\n</function>\n</tool_call>",
        [
            .thinking("I could <tool_call>\n<function=now>\n</function>\n</tool_call>"), .text("No."),
            .call("now", "{}"),
        ]),
    CorpusItem(
        .qwenCoder, "a thought that the prompt opened", "plan </thin</think>\n\nAnswer </think>",
        [.thinking("plan </thin"), .text("Answer </think>")], opensInThinking: true),
    CorpusItem(
        .qwenCoder, "cut off in a value", "<tool_call>\n<function=run>\n<parameter=command>\necho \"half",
        [.call("run", #"{"command": "echo \"half"}"#)]),
    CorpusItem(
        .qwenCoder, "cut off before the name", "Now <tool_call>\n<functio", [.text("Now <tool_call>\n<functio")]),
    // MARK: GLM
    CorpusItem(
        .glm, "calls with text",
        "<think></think>\nLooking.\n<tool_call>write_file\n<arg_key>path</arg_key>\n<arg_value>a.py</arg_value>\n<arg_key>content</arg_key>\n<arg_value>"
            + nastyCode + "</arg_value>\n</tool_call>\n<tool_call>now\n</tool_call>",
        [
            .text("Looking."), .call("write_file", #"{"path": "a.py", "content": ""# + nastyJSON + #""}"#),
            .call("now", "{}"),
        ]),
    CorpusItem(
        .glm, "without line ends, and values by their schema",
        "<tool_call>run<arg_key>command</arg_key><arg_value> ls </arg_value><arg_key>timeout</arg_key><arg_value>10</arg_value><arg_key>arguments</arg_key><arg_value>[\"a\", \"</arg_value>\"]</arg_value></tool_call>",
        [.call("run", #"{"command": " ls ", "timeout": 10, "arguments": ["a", "</arg_value>"]}"#)]),
    CorpusItem(
        .glm, "a document of the format itself",
        "<tool_call>write_file\n<arg_key>path</arg_key>\n<arg_value>d</arg_value>\n<arg_key>content</arg_key>\n<arg_value>So: <tool_call>run\n<arg_key>command</arg_key>\n<arg_value>ls</arg_value>\n</tool_call> is it.</arg_value>\n</tool_call>",
        [
            .call(
                "write_file",
                #"{"path": "d", "content": "So: <tool_call>run\n<arg_key>command</arg_key>\n<arg_value>ls</arg_value>\n</tool_call> is it."}"#
            )
        ]),
    CorpusItem(.glm, "prose", "Use <tool_call> or <arg_key>.", [.text("Use <tool_call> or <arg_key>.")]),
    // MARK: MiniMax M2
    CorpusItem(
        .miniMax, "a thought, text, two calls",
        "Let me think.\n</think>\n\nDoing.\n<minimax:tool_call>\n<invoke name=\"write_file\">\n<parameter name=\"path\">a.py</parameter>\n<parameter name=\"content\">"
            + nastyCode
            + "</parameter>\n</invoke>\n<invoke name=\"run\">\n<parameter name=\"timeout\">7</parameter>\n</invoke>\n</minimax:tool_call>",
        [
            .thinking("Let me think."), .text("Doing."),
            .call("write_file", #"{"path": "a.py", "content": ""# + nastyJSON + #""}"#),
            .call("run", #"{"timeout": 7}"#),
        ], opensInThinking: true),
    CorpusItem(
        .miniMax, "prose and a tool without parameters",
        "`<minimax:tool_call>` <invoke name=\"x\"> is\n<minimax:tool_call>\n<invoke name=\"now\">\n</invoke>\n</minimax:tool_call>",
        [.text("`<minimax:tool_call>` <invoke name=\"x\"> is"), .call("now", "{}")]),
    // MARK: DeepSeek V3.2
    CorpusItem(
        .deepSeekMarkup, "text and other values",
        "Yes.\n\n<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"run\">\n<｜DSML｜parameter name=\"command\" string=\"true\">a < b</｜DSML｜parameter>\n<｜DSML｜parameter name=\"arguments\" string=\"false\">[\"1\"]</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>",
        [.text("Yes."), .call("run", #"{"command": "a < b", "arguments": ["1"]}"#)]),
]
