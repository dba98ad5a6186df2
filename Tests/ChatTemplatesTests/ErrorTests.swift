import ChatTemplates
import Testing

@Suite("Errors of templates")
struct ErrorTests {
    private func failure(_ source: String, _ context: TemplateMap = [:]) -> ChatTemplateError? {
        if case .failure(let error) = rendered(source, context) { error } else { nil }
    }

    @Test(
        "an unsupported construct is named with its place",
        arguments: [
            ("a\n{% block b %}{% endblock %}", "the tag 'block'", 2, 4),
            ("{% include 'x' %}", "the tag 'include'", 1, 4), ("{% extends 'x' %}", "the tag 'extends'", 1, 4),
            ("{% import 'x' as y %}", "the tag 'import'", 1, 4), ("é {{ x | nosuch }}", "the filter 'nosuch'", 1, 10),
            ("{{ 1 is nosuch }}", "the test 'nosuch'", 1, 6),
            ("{% for x in y recursive %}{% endfor %}", "a recursive loop", 1, 15),
            ("{{ 99999999999999999999 }}", "an integer beyond 64 bits", 1, 4),
            ("{{ 'x'.encode() }}", "the string method 'encode'", 1, 14),
            ("{{ lipsum() }}", "the function 'lipsum'", 1, 10),
            ("{% if 1 %}\n  {{ 2 | nosuch }}{% endif %}", "the filter 'nosuch'", 2, 10),
        ])
    func unsupported(source: String, construct: String, line: Int, column: Int) {
        let place = SourceLocation(line: line, column: column)
        #expect(failure(source) == .unsupported(construct: construct, at: place))
    }

    @Test(
        "malformed source is reported where it is",
        arguments: [
            ("{{ 1 + }}", 1, 8), ("x\r\ny {{ ) }}", 2, 6), ("{% if 1 %}\n\nabc", 1, 4), ("{# never", 1, 1),
            ("{{ 'never }}", 1, 4), ("\n{% endif %}", 2, 4), ("{% raw %}", 1, 1), ("{{ a ? b }}", 1, 6),
            ("{% break %}", 1, 4), ("{% for x in y %}{% set loop = 1 %}{% endfor %}", 1, 24),
        ])
    func syntax(source: String, line: Int, column: Int) {
        guard case .syntax(_, let location)? = failure(source) else {
            Issue.record("\(source): \(rendered(source))")
            return
        }
        #expect(location == SourceLocation(line: line, column: column))
    }

    @Test("what the template raises carries its own words") func raised() {
        let error = failure("\n {{ raise_exception('No ' ~ what) }}", ["what": "tools"])
        #expect(error == .raised(message: "No tools", at: SourceLocation(line: 2, column: 20)))
        #expect("\(error!)" == "The chat template refuses this conversation (line 2, column 20): No tools")
    }

    @Test("an undefined value is reported by name") func undefined() {
        #expect(failure("{{ a.b }}") == .undefined("'a' is undefined", at: SourceLocation(line: 1, column: 5)))
        let context: TemplateMap = ["m": ["role": "user"]]
        let place = SourceLocation(line: 1, column: 13)
        #expect(
            failure("{{ m.content.x }}", context) == .undefined("'dict object' has no attribute 'content'", at: place))
    }

    @Test(
        "namespaces take no attributes with an underscore",
        arguments: [
            "{{ namespace(_a=1) }}", "{% set n = namespace() %}{% set n._a = 1 %}",
        ])
    func namespaceUnderscore(source: String) {
        guard case .evaluation? = failure(source) else {
            Issue.record("\(rendered(source))")
            return
        }
    }

    @Test("an error leaves the template usable") func renderAgain() throws {
        let template = try ChatTemplate(source: "{% for x in y %}{{ x.z.q }}{% endfor %}")
        #expect(throws: ChatTemplateError.self) { try template.render(["y": [1]]) }
        #expect(try template.render(["y": [["z": ["q": 5]]]]) == "5")
    }
}
