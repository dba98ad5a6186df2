import ChatTemplates
import Foundation
import Testing

@Suite("Goldens of jinja2")
struct GoldenTests {
    @Test("every construct evaluates as in jinja2") func expressions() throws {
        let text = try String(contentsOf: Golden.fixtures.appending(path: "expressions.jsonl"), encoding: .utf8)
        guard case .map(let context) = try Golden.json(Golden.fixtures.appending(path: "expressions.context.json"))
        else {
            throw GoldenError.malformed
        }
        var compared = 0
        for line in text.split(separator: "\n") {
            guard case .map(let map) = try TemplateValue(json: String(line)),
                case .string(let template)? = map["template"], let result = map["result"]
            else { throw GoldenError.malformed }
            compared += 1
            if let difference = try Golden(result).difference(from: rendered(template, context)) {
                Issue.record("\(template): \(difference)")
            }
        }
        #expect(compared > 1_000)
    }

    @Test(
        "chat templates render all conversations as jinja2 does",
        arguments: [
            "turns-with-tools", "nested-markup", "strict-instructions", "typed-tools",
        ])
    func chatTemplates(name: String) throws {
        let source = try String(contentsOf: Golden.fixtures.appending(path: "\(name).jinja"), encoding: .utf8)
        let results = try Golden.json(Golden.fixtures.appending(path: "\(name).golden.json"))
        try expectAgreement(name, source: source, results: results)
    }
}
