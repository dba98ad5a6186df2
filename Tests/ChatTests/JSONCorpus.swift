import Chat

/// Arguments with everything that may confuse: tags, braces and quotes in strings, escapes, text beyond ASCII.
private let nasty =
    #"{"path": "ü/漢字😀.py", "content": "</tool_call>\n<tool_call>{\"name\": \"x\"}\r\n\t\\\"}]} \u00e9 [TOOL_CALLS] <|tool_call_end|> <｜tool▁call▁end｜> <|call|>", "deep": {"a": [{}, [], 1.5e-3, true, null]}}"#

let jsonCorpus: [CorpusItem] = [
    // MARK: Hermes
    CorpusItem(
        .hermes, "plain answer", "{\"a\": 1}\n```json\n{\"name\": 1}\n```\n",
        [.text("{\"a\": 1}\n```json\n{\"name\": 1}\n```\n")]),
    CorpusItem(
        .hermes, "text, two calls, text",
        "Let me.\n<tool_call>\n{\"name\": \"write_file\", \"arguments\": \(nasty)}\n</tool_call>\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>\nDone",
        [.text("Let me."), .call("write_file", nasty), .call("now", "{}"), .text("\nDone")]),
    CorpusItem(
        .hermes, "arguments first, and an id",
        "<tool_call>{\"arguments\": {\"city\": \"A\"}, \"id\": \"7\", \"name\": \"get_weather\"}</tool_call>",
        [.call("get_weather", #"{"city": "A"}"#)]),
    CorpusItem(
        .hermes, "arguments as text",
        #"<tool_call>{"name": "get_weather", "arguments": "{\"city\": \"B\"}"}</tool_call>"#,
        [.call("get_weather", #"{"city": "B"}"#)]),
    CorpusItem(
        .hermes, "no arguments, none, null",
        "<tool_call>{\"name\": \"now\"}</tool_call><tool_call>{\"name\": \"now\", \"arguments\": null}</tool_call>",
        [.call("now", "{}"), .call("now", "{}")]),
    CorpusItem(
        .hermes, "a bracket too few, one too many",
        "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"C\"}\n</tool_call>\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"D\"}}}\n</tool_call>",
        [.call("get_weather", #"{"city": "C"}"#), .call("get_weather", #"{"city": "D"}"#)]),
    CorpusItem(
        .hermes, "Python, raw line ends and unknown escapes",
        "<tool_call>\n{'name': 'x'}\n</tool_call>\n<tool_call>\n{\"name\": \"run\", \"arguments\": {'command': 'it\\'s \"so\"', \"b\": True, \"c\": None, \"d\": \"a\nb\\d\",}}\n</tool_call>",
        [
            .text("<tool_call>\n{'name': 'x'}\n</tool_call>"),
            .call("run", #"{"command": "it's \"so\"", "b": true, "c": null, "d": "a\nb\\d"}"#),
        ]),
    CorpusItem(
        .hermes, "a string that does not close, and the next call",
        "<tool_call>\n{\"name\": \"run\", \"arguments\": {\"command\": \"ls}\n</tool_call>\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>",
        [.call("run", #"{"command": "ls}\n"}"#), .call("now", "{}")]),
    CorpusItem(
        .hermes, "broken JSON, and the next call",
        "<tool_call>\n{\"name\": \"run\", \"arguments\": {\"command\": = \"ls\"}}\n</tool_call>\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>",
        [.call("run", #"{"command": null}"#), .text("= \"ls\"}}"), .call("now", "{}")]),
    CorpusItem(
        .hermes, "no tags, fenced",
        "Here:\n```json\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"E\"}}\n```\n",
        [.text("Here:"), .call("get_weather", #"{"city": "E"}"#)]),
    CorpusItem(
        .hermes, "no tags, and an object of another kind",
        "{\"name\": \"get_weather\", \"arguments\": {\"city\": \"F\"}}\n{\"name\": \"Bob\", \"arguments\": {}}",
        [.call("get_weather", #"{"city": "F"}"#), .text("\n{\"name\": \"Bob\", \"arguments\": {}}")]),
    CorpusItem(
        .hermes, "prose that mentions the tag",
        "`<tool_call>` then {\"name\": ...}, <tool_call> and <tool_call>\nno object</tool_call>",
        [.text("`<tool_call>` then {\"name\": ...}, <tool_call> and <tool_call>\nno object</tool_call>")]),
    CorpusItem(
        .hermes, "a thought",
        "<think>\n<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>\n</think>\n\nHm",
        [.thinking("<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>"), .text("Hm")]),
    CorpusItem(
        .hermes, "cut off in an escape", #"<tool_call>{"name": "run", "arguments": {"command": "a\u00"#,
        [.call("run", #"{"command": "a"}"#)]),
    CorpusItem(
        .hermes, "cut off in a key and in a word", #"<tool_call>{"name": "run", "arguments": {"command": "a", "timeo"#,
        [.call("run", #"{"command": "a", "timeo":null}"#)]),
    // MARK: Llama
    CorpusItem(
        .llama, "an object alone", #"{"name": "get_weather", "parameters": {"city": "G"}}"#,
        [.call("get_weather", #"{"city": "G"}"#)]),
    CorpusItem(
        .llama, "behind the tag, and another",
        "<|python_tag|>{\"type\": \"function\", \"name\": \"write_file\", \"parameters\": \(nasty)}; {\"name\": \"now\", \"parameters\": {}}",
        [.call("write_file", nasty), .call("now", "{}")]),
    CorpusItem(
        .llama, "a built-in tool", #"<|python_tag|>brave_search.call(query="a \"b\", c)")"#,
        [.call("brave_search", #"{"query": "a \"b\", c)"}"#)]),
    CorpusItem(
        .llama, "a function tag", #"<function=get_weather>{"city": "H"}</function>"#,
        [.call("get_weather", #"{"city": "H"}"#)]
    ),
    CorpusItem(
        .llama, "Python, and an object that is none of the tools",
        "<|python_tag|>print(1)\n{\"name\": \"Bob\", \"parameters\": {}}",
        [.text("<|python_tag|>print(1)\n{\"name\": \"Bob\", \"parameters\": {}}")]),
    // MARK: Mistral
    CorpusItem(
        .mistral, "a list of objects",
        "[TOOL_CALLS] [{\"name\": \"write_file\", \"arguments\": \(nasty), \"id\": \"abcdefghi\"}, {\"name\": \"now\", \"arguments\": {}}]",
        [.call("write_file", nasty), .call("now", "{}")]),
    CorpusItem(
        .mistral, "names and marks",
        "On it.[TOOL_CALLS]write_file[CALL_ID]abcdefghi[ARGS]\(nasty)[TOOL_CALLS]now[ARGS]{}[TOOL_CALLS]get_weather{\"city\": \"I\"}",
        [.text("On it."), .call("write_file", nasty), .call("now", "{}"), .call("get_weather", #"{"city": "I"}"#)]),
    CorpusItem(
        .mistral, "prose, thought",
        "[THINK]so[/THINK]The token [TOOL_CALLS] begins [ARGS], [1, 2] and [TOOL_CALLS]x.",
        [.thinking("so"), .text("The token [TOOL_CALLS] begins [ARGS], [1, 2] and [TOOL_CALLS]x.")]),
    CorpusItem(
        .mistral, "a string that does not close, and the next call",
        "[TOOL_CALLS]run[ARGS]{\"command\": \"ls}[TOOL_CALLS]get_weather[ARGS]{\"city\": \"J\"}",
        [.call("run", #"{"command": "ls}"}"#), .call("get_weather", #"{"city": "J"}"#)]),
    // MARK: DeepSeek
    CorpusItem(
        .deepSeek, "V3",
        "Look:<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>write_file\n```json\n\(nasty)\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>now\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        [.text("Look:"), .call("write_file", nasty), .call("now", "{}")]),
    CorpusItem(
        .deepSeek, "V3.1",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>write_file<｜tool▁sep｜>\(nasty)<｜tool▁call▁end｜><｜tool▁call▁begin｜>now<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        [.call("write_file", nasty), .call("now", "{}")]),
    CorpusItem(
        .deepSeek, "a string that does not close, and the next call",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>run<｜tool▁sep｜>{\"command\": \"ls}<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\": \"K\"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        [.call("run", #"{"command": "ls}"}"#), .call("get_weather", #"{"city": "K"}"#)]),
    CorpusItem(
        .deepSeek, "prose", "The tag <｜tool▁call▁begin｜> is special.",
        [.text("The tag <｜tool▁call▁begin｜> is special.")]),
    // MARK: Kimi
    CorpusItem(
        .kimi, "two calls",
        "Ok<|tool_calls_section_begin|><|tool_call_begin|>functions.write_file:0<|tool_call_argument_begin|>\(nasty)<|tool_call_end|><|tool_call_begin|>functions.now:1<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>",
        [.text("Ok"), .call("write_file", nasty), .call("now", "{}")]),
    CorpusItem(
        .kimi, "broken JSON, prose behind",
        "<|tool_call_begin|>functions.run:0<|tool_call_argument_begin|>{\"command\" \"ls\"}<|tool_call_end|> and",
        [.call("run", #"{"command" :null}"#), .text("\"ls\"} and")]),
    // MARK: gpt-oss
    CorpusItem(
        .harmony, "thought and answer",
        "<|channel|>analysis<|message|>User asks. <|call|> is a token.<|end|><|start|>assistant<|channel|>final<|message|>It is <|end|> ing.<|return|>",
        [.thinking("User asks. <|call|> is a token."), .text("It is <|end|> ing.")]),
    CorpusItem(
        .harmony, "thought, words, call",
        "<|channel|>analysis<|message|>Need it: to=functions.now<|end|><|start|>assistant<|channel|>commentary<|message|>I'll write.<|end|><|start|>assistant<|channel|>commentary to=functions.write_file <|constrain|>json<|message|>\(nasty)<|call|>",
        [.thinking("Need it: to=functions.now"), .text("I'll write."), .call("write_file", nasty)]),
    CorpusItem(
        .harmony, "the recipient first, cut off",
        " to=functions.get_weather<|channel|>commentary json<|message|>{\"city\": \"L",
        [.call("get_weather", #"{"city": "L"}"#)]),
    CorpusItem(.harmony, "no channels", "to be or <|not|>", [.text("to be or <|not|>")]),
]
