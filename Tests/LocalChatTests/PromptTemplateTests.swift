import Chat
import ChatTemplates
import JSON
import LocalChat
import Testing

@Suite("Prompts with tools")
struct PromptTemplateTests {
    private let tools = [
        ToolDefinition(
            name: "read_file", description: "Reads.",
            parameters: .object(JSONObject([("type", .string("object")), ("properties", .object(JSONObject([])))])))
    ]

    private func conversation(_ calls: [ToolCall]) -> [Message] {
        [Message(.user, "Read.")] + [Message(calls: calls)] + calls.map { Message(result: "of \($0.name)", of: $0.id) }
    }

    private let two = [
        ToolCall(id: "call_1", name: "read_file", arguments: #"{"path": "a"}"#),
        ToolCall(id: "call_2", name: "list_files", arguments: "{}"),
    ]

    @Test("templates that leave the choice are told whether to think, others see nothing of it")
    func thinkingChoice() throws {
        let template = try PromptTemplate(
            source: """
                {{ messages[0].content }}{% if enable_thinking is defined and enable_thinking is false %}<think></think>\
                {% endif %}{% if thinking is defined %} {{ thinking }}{% endif %}
                """)
        let messages = [Message(.user, "a")]
        #expect(try template.prompt(messages).text == "a")
        #expect(try template.prompt(messages, thinks: false).text == "a<think></think> False")
        #expect(try template.prompt(messages, thinks: true).text == "a True")
    }

    @Test(
        "an answer that is begun follows where answers begin, behind thoughts that are open or its own",
        arguments: [
            ("A:", "<x>", nil, "A:Yes"), ("A:", "<think>", "Hm", "A:<think>\nHm\n</think>\n\nYes"),
            ("A:<think>", "", nil, "A:<think>\n</think>\n\nYes"),
            ("A:<think>", "", "Hm", "A:<think>\nHm\n</think>\n\nYes"),
            ("<|start|>assistant", "<|channel|><|message|>", nil, "<|start|>assistant<|channel|>final<|message|>Yes"),
            (
                "<|start|>assistant", "<|channel|><|message|>", "Hm",
                "<|start|>assistant<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Yes"
            ),
        ] as [(String, String, String?, String)])
    func begun(opening: String, marks: String, thought: String?, expected: String) throws {
        let template = try PromptTemplate(
            source: """
                {# \(marks) #}{% for m in messages %}{{ m.tool_calls | tojson if m.tool_calls else m.content }}{% endfor %}\
                \(opening)
                """)
        var answer = Message(.assistant, "Yes")
        answer.thinking = thought
        let prompt = template.prompt(try template.prompt([Message(.user, "Q")]), continuing: answer)
        #expect(prompt.text == "Q" + expected && !prompt.opensInThinking)
    }

    @Test("templates that know nothing of tools get them as text, calls and results in turns that alternate")
    func plain() throws {
        let template = try PromptTemplate(
            source: "{% for m in messages %}[{{ m.role }}]{{ m.content }}\n{% endfor %}")
        #expect(template.format == .hermes)
        let text = try template.prompt(conversation(two), tools: tools).text
        let expected = """
            [user]Read.
            [assistant]<tool_call>
            {"name": "read_file", "arguments": {"path": "a"}}
            </tool_call>
            <tool_call>
            {"name": "list_files", "arguments": {}}
            </tool_call>
            [user]<tool_response>
            of read_file
            </tool_response>
            <tool_response>
            of list_files
            </tool_response>

            """
        #expect(text.hasPrefix("[system]# Tools\n"))
        #expect(text.contains(#"{"type": "function", "function": {"name": "read_file", "description": "Reads.", "#))
        #expect(text.hasSuffix(expected))
        let system = try template.prompt([Message(.system, "Be brief."), Message(.user, "x")], tools: tools).text
        #expect(system.hasPrefix("[system]Be brief.\n\n# Tools\n"))
        #expect(try template.prompt([Message(.user, "x")]).text == "[user]x\n")
    }

    @Test("arguments are text, and the content none, for templates that want them so")
    func texts() throws {
        let template = try PromptTemplate(
            source: """
                {% if tools %}{{ tools | tojson }}{% endif %}{% for m in messages %}\
                {% if m.role == 'assistant' and m.content is none %}\
                {% for c in m.tool_calls %}<｜tool▁call▁begin｜>{{ c.type + '<｜tool▁sep｜>' + c.function.name + '\\n' }}\
                {{ '```json\\n' + c.function.arguments + '\\n```<｜tool▁call▁end｜>' }}{% endfor %}\
                {% else %}[{{ m.role }}]{{ m.content }}{% endif %}{% endfor %}
                """)
        #expect(template.format == .deepSeek)
        let text = try template.prompt(conversation([two[0]]), tools: tools).text
        #expect(
            text.hasSuffix(
                "<｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n```json\n{\"path\": \"a\"}\n```<｜tool▁call▁end｜>[tool]of read_file"
            ))
    }

    @Test("calls are given one by one, each with its result, to templates that take one a message")
    func single() throws {
        let template = try PromptTemplate(
            source: """
                {% for m in messages %}{% if m.tool_calls %}{% if m.tool_calls | length > 1 %}{{ raise_exception('one') }}\
                {% endif %}<tool_call>{{ m.tool_calls[0].function | tojson }}</tool_call>{% else %}\
                [{{ m.role }}{{ m.name or '' }}]{{ m.content }}{% endif %}{% endfor %}
                """)
        let text = try template.prompt(conversation(two)).text
        #expect(
            text == """
                [user]Read.<tool_call>{"name": "read_file", "arguments": {"path": "a"}}</tool_call>[toolread_file]of read_file\
                <tool_call>{"name": "list_files", "arguments": {}}</tool_call>[toollist_files]of list_files
                """)
    }

    @Test("ids become nine letters and digits where a template insists, the same for call and result")
    func ids() throws {
        let template = try PromptTemplate(
            source: """
                {% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}{{ raise_exception('9') }}\
                {% endif %}[TOOL_CALLS]{{ c.id }} {{ c.function.arguments | tojson }}{% endfor %}\
                {% if m.role == 'tool' %}{{ m.tool_call_id + m.content }}{% endif %}{% endfor %}
                """)
        let text = try template.prompt(conversation([two[0]])).text
        let id = text.dropFirst("[TOOL_CALLS]".count).prefix(9)
        #expect(id.allSatisfy { $0.isLetter || $0.isNumber } && !id.contains(" "))
        #expect(text == #"[TOOL_CALLS]\#(id) {"path": "a"}\#(id)of read_file"#)
        let short = ToolCall(id: "abcDEF123", name: "f", arguments: "{}")
        #expect(try template.prompt(conversation([short])).text == "[TOOL_CALLS]abcDEF123 {}abcDEF123of f")
    }

    @Test("tells whether the answer goes on with a thought")
    func thinking() throws {
        let open = try PromptTemplate(source: "x<think>\n")
        #expect(try open.prompt([Message(.user, "x")]).opensInThinking)
        let closed = try PromptTemplate(source: "x<think></think>\n")
        #expect(try !closed.prompt([Message(.user, "x")]).opensInThinking)
    }
}
