import ChatTemplates
import Foundation
import Testing

@Suite("Constructs of the template language")
struct ExpressionTests {
    @Test("evaluate as in jinja2")
    func agreeWithJinja() throws {
        let text = try String(contentsOf: Golden.fixtures.appending(path: "expressions.jsonl"), encoding: .utf8)
        let data = try Data(contentsOf: Golden.fixtures.appending(path: "expressions.context.json"))
        guard case .map(let context) = try TemplateValue(json: [UInt8](data)) else { throw GoldenError.malformed }
        var compared = 0
        for line in text.split(separator: "\n") {
            guard case .map(let map) = try TemplateValue(json: String(line)), case .string(let template)? = map["template"],
                let result = map["result"]
            else { throw GoldenError.malformed }
            compared += 1
            if let difference = try Golden(result).difference(template: template, context: context) {
                Issue.record("\(template): \(difference)")
            }
        }
        #expect(compared > 1000)
    }
}
