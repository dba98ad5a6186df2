import JSON
import Server
import Testing

@Suite("OpenAPI document")
struct OpenAPITests {
    private func document() async throws -> JSONObject {
        try await RunningServer.with(.hello) { try await $0.request("GET", "/openapi.json").json }
    }

    @Test("has every route that there is, and no other")
    func routes() async throws {
        let document = try await document()
        var described: [String] = []
        for path in document["paths"]?.object?.members ?? [] {
            for method in path.value.object?.members ?? [] {
                described.append("\(method.key.uppercased()) \(path.key)")
            }
        }
        let message = try await RunningServer.with(.hello) { try await $0.request("GET", "/nowhere").error["message"] }
        let list = try #require(message?.string?.split(separator: "There are: ").last).dropLast()
        #expect(Set(described) == Set(list.split(separator: ", ").map(String.init)))
        #expect(Set(described).count == described.count)
    }

    @Test("every reference leads somewhere")
    func references() async throws {
        let document = try await document()
        let schemas = Set(document["components"]?.object?["schemas"]?.object?.members.map(\.key) ?? [])
        let used = JSONValue.object(document).text.matches(of: /"#\/components\/schemas\/([A-Za-z]+)"/).map {
            String($0.1)
        }
        #expect(!used.isEmpty && Set(used).subtracting(schemas).isEmpty && schemas.subtracting(used).isEmpty)
    }
}
