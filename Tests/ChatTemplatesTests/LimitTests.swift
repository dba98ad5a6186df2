import ChatTemplates
import Foundation
import JSON
import Synchronization
import Testing

/// Runs `body` on a thread whose stack is as small as those of Darwin's concurrency pool.
private func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let result = Mutex<Result?>(nil)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
        let value = body()
        result.withLock { $0 = value }
        done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
    return result.withLock { $0! }
}

/// What rendering `template` says on a small stack.
private func outcome(
    _ template: String, _ context: TemplateMap = [:], limits: TemplateLimits = TemplateLimits()
) -> Result<String, ChatTemplateError> {
    onSmallStack {
        do throws(ChatTemplateError) {
            return .success(try ChatTemplate(source: template).render(context, limits: limits))
        } catch {
            return .failure(error)
        }
    }
}

private func isExhausted(_ result: Result<String, ChatTemplateError>) -> Bool {
    if case .failure(.exhausted) = result { true } else { false }
}

@Suite("Limits of templates")
struct LimitTests {
    @Test(
        "source nested too deeply is an error, not a stack overflow",
        arguments: [
            ("(", "1", ")"), ("[", "", "]"), ("{1:", "1", "}"), ("not ", "1", ""), ("-", "1", ""), ("1 + (", "1", ")"),
            ("a[", "1", "]"), ("a(", "", ")"), ("a|default(", "1", ")"), ("1 if 1 else ", "1", ""),
            ("a.b(c=", "1", ")"),
        ])
    func deepExpressions(open: String, middle: String, close: String) {
        for depth in [10, 40, 90, 100, 1_000, 100_000] {
            let expression = String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
            let result = outcome("{{ " + expression + " }}")
            #expect(isExhausted(result) == (depth >= 100), "\(open) x \(depth): \(result)")
        }
    }

    @Test("chains too long are an error", arguments: ["1 + ", "1 * ", "1 ** ", "1 and ", "1 or "])
    func longChains(link: String) {
        #expect(throws: Never.self) { try outcome("{{ " + String(repeating: link, count: 100) + "1 }}").get() }
        #expect(isExhausted(outcome("{{ " + String(repeating: link, count: 100_000) + "1 }}")))
    }

    @Test(
        "chains of filters, attributes and subscripts too long are an error", arguments: ["|string", ".a", "[0]", "()"])
    func longPostfixes(link: String) {
        #expect(isExhausted(outcome("{{ a" + String(repeating: link, count: 100_000) + " }}")))
    }

    @Test("a concatenation may be long") func longConcatenation() throws {
        let text = try outcome("{{ " + String(repeating: "'a' ~ ", count: 10_000) + "'b' }}").get()
        #expect(text.utf8.count == 10_001)
    }

    @Test(
        "blocks nested too deeply are an error",
        arguments: [
            ("{% if 1 %}", "{% endif %}"), ("{% for x in [1] %}", "{% endfor %}"), ("{% set x %}", "{% endset %}"),
            ("{% filter upper %}", "{% endfilter %}"), ("{% macro m() %}", "{% endmacro %}"),
            ("{% with %}", "{% endwith %}"), ("{% generation %}", "{% endgeneration %}"),
        ])
    func deepBlocks(open: String, close: String) {
        for depth in [10, 40, 90, 100, 1_000, 20_000] {
            let source = String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
            #expect(isExhausted(outcome(source)) == (depth >= 100), "\(open) x \(depth)")
        }
    }

    @Test(
        "recursion without end is an error",
        arguments: [
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% macro m(a=m()) %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{% for x in [1] %}{% if 1 %}{% set y %}{{ [[(m() ~ 1) | upper]] }}{% endset %}{% endif %}{% endfor %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{{ caller is defined }}{% call m() %}{{ m() }}{% endcall %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{% generation %}{% filter upper %}{% with %}{{ m() }}{% endwith %}{% endfilter %}{% endgeneration %}{% endmacro %}{{ m() }}",
            "{% macro m() %}{{ '{}'.format(m()) }}{% endmacro %}{{ m() }}",
        ])
    func recursion(template: String) {
        #expect(isExhausted(outcome(template)))
    }

    @Test("recursion to a depth that schemas need works") func boundedRecursion() throws {
        let template = """
            {% macro walk(n) %}{% if n > 0 %}{% for x in [n] %}{{ '<' ~ walk(x - 1) ~ '>' }}{% endfor %}{% endif %}{% endmacro %}
            {{- walk(depth) }}
            """
        let text = try outcome(template, ["depth": 30]).get()
        #expect(text == String(repeating: "<", count: 30) + String(repeating: ">", count: 30))
    }

    @Test(
        "endless work is an error",
        arguments: [
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            "{% set q = [1] %}{% for x in q %}{% set _ = q.append(x) %}{% endfor %}",
            "{% for a in range(100000) %}{{ 'x' * 100000 }}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
            "{% set ns = namespace(s=[1]) %}{% for a in range(1000) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = ns.s.replace('x', 'xxxx') %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = '%s%s' % (ns.s, ns.s) %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = '{0}{0}'.format(ns.s) %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = [ns.s, ns.s] | join %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = [ns.s, ns.s] | tojson %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s = [ns.s, ns.s] | string %}{% endfor %}",
            "{% set ns = namespace(s='&') %}{% for a in range(1000) %}{% set ns.s = ns.s | forceescape %}{% endfor %}{{ 1 }}{% for a in range(100000) %}{% set x = ns.s * 1000 %}{% endfor %}",
            "{% set ns = namespace(s='x') %}{% for a in range(1000) %}{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}{% endfor %}",
            "{{ 'x' * 9223372036854775807 }}", "{{ [1] * 9223372036854775807 }}",
            "{{ 'x'.center(9223372036854775807) }}",
            "{{ 'x' | indent(9223372036854775807, true) }}", "{{ '%9999999999d' % 1 }}",
            "{{ '{:999999999}'.format(1) }}",
            "{{ 'a\\nb' | indent('x' * 1000000) * 100000 }}", "{{ [1] | tojson(indent=999999999) }}",
            "{{ [1] | batch(999999999, 0) | list }}", "{{ [1] | slice(999999999) | list }}",
            "{{ '1'.zfill(999999999) }}",
        ])
    func endlessWork(template: String) {
        var limits = TemplateLimits()
        limits.steps = 2_000_000
        let result = outcome(template, limits: limits)
        // Format strings refuse absurd widths before they cost anything.
        if case .failure(.evaluation) = result, template.contains("9999999999d") { return }
        #expect(isExhausted(result), "\(template): \(result)")
    }

    @Test(
        "values nested too deeply are an error, and releasing them is safe",
        arguments: [
            "{% set ns = namespace(x=[]) %}{% for a in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}",
            "{% set ns = namespace(x={}) %}{% for a in range(100000) %}{% set ns.x = {'a': ns.x} %}{% endfor %}",
            "{% set ns = namespace(x=()) %}{% for a in range(100000) %}{% set ns.x = (ns.x,) %}{% endfor %}",
            "{% set ns = namespace(x=[]) %}{% for a in range(100000) %}{% set ns.x = ns.x | map('upper') %}{% endfor %}",
            "{% set ns = namespace(x=[]) %}{% for a in range(100000) %}{% set ns.x = dict(a=ns.x) %}{% endfor %}",
            "{% set ns = namespace(x={}) %}{% for a in range(100000) %}{% set ns.x = {1: ns.x}.items() %}{% endfor %}",
            "{% set ns = namespace(x=[]) %}{% for a in range(100000) %}{% set ns.x = [ns.x.index] %}{% endfor %}",
            "{% set x = [] %}{% set _ = x.append(x) %}{{ x }}",
            "{% set x = {} %}{% set _ = x.update(a=x) %}{{ x | tojson }}",
            "{% set x = [] %}{% set _ = x.append(x) %}{% set y = [] %}{% set _ = y.append(y) %}{{ x == y }}",
            "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        ])
    func deepValues(template: String) {
        #expect(isExhausted(outcome(template)), "\(template)")
    }

    @Test(
        "long chains of objects are released without recursion",
        arguments: [
            "{% set ns = namespace(x=none) %}{% for a in range(100000) %}{% set ns.x = namespace(x=ns.x) %}{% endfor %}ok",
            "{% set ns = namespace(x=none) %}{% for a in range(100000) %}{% set q = [] %}{% set _ = q.append(ns.x) %}{% set ns.x = q %}{% endfor %}ok",
            "{% set ns = namespace(x=none) %}{% macro m(y) %}{% macro k() %}{{ y }}{% endmacro %}{% set ns.x = k %}{% endmacro %}{% for a in range(20000) %}{{ m(ns.x) }}{% endfor %}ok",
        ])
    func longChainsOfObjects(template: String) throws {
        #expect(try outcome(template).get().hasSuffix("ok"))
    }

    @Test("context nested too deeply is an error") func deepContext() {
        var value = TemplateValue.string("x")
        for _ in 0..<500 { value = [value] }
        #expect(isExhausted(outcome("{{ x }}", ["x": value])))
        #expect(throws: JSONReadError.self) { try TemplateValue(json: String(repeating: "[", count: 100_000)) }
    }

    @Test("limits are the caller's to set") func callersLimits() {
        var limits = TemplateLimits()
        limits.steps = 100
        #expect(isExhausted(outcome("{% for x in range(1000) %}{% endfor %}", limits: limits)))
        limits = TemplateLimits()
        limits.textBytes = 10
        #expect(isExhausted(outcome("{% for x in range(11) %}a{% endfor %}", limits: limits)))
    }
}
