import ChatTemplates
import Foundation
import Testing

@Suite("Templates of real models")
struct ModelTemplateTests {
    @Test("render as jinja2 renders them")
    func agreeWithJinja() throws {
        let path = ProcessInfo.processInfo.environment["REF"] ?? "/tmp/ref.jsonl"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let conversations = try Golden.conversations()
        var compared = 0
        var differing = 0
        for line in lines {
            guard case .map(let map) = try TemplateValue(json: String(line)), case .string(let name)? = map["name"],
                case .string(let template)? = map["template"], case .list(let results)? = map["results"]
            else { throw GoldenError.malformed }
            for (result, conversation) in zip(results, conversations) {
                compared += 1
                if let difference = try Golden(result).difference(template: template, context: conversation.context) {
                    differing += 1
                    print("DIFF \(name), \(conversation.name): \(difference.prefix(3000))")
                }
            }
        }
        print("compared", compared, "differing", differing)
        #expect(differing == 0)
    }
}
