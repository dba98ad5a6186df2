import Chat
import Foundation
import Server
import TestSupport
import Testing

@Suite("The web page")
struct PageTests {
    @Test("works in a real browser: streams, stops, edits, survives a reload, by keyboard, on a phone, in both themes")
    func browser() async throws {
        let run = try await RunningServer.with(PageModel()) { server in
            try await script("page_test.py", ["http://127.0.0.1:\(server.port)/"])
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n") == [
                "load", "stream", "markdown", "growth", "hostile text", "highlighting", "stop", "edit", "regenerate",
                "reload", "system prompt", "attachments", "errors", "conversations", "keyboard", "themes", "phone",
                "live view",
                "policy",
            ])
    }

    @Test("lets people choose a model that is not in memory yet")
    func models() async throws {
        let run = try await RunningServer.with(SwitchableModel()) { server in
            try await script("page_models_test.py", ["http://127.0.0.1:\(server.port)/"])
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.split(separator: "\n") == ["choice", "answer", "live view"])
    }

    @Test("asks for the key where the server wants one")
    func key() async throws {
        let run = try await RunningServer.with(PageModel(), { $0.keys.add("secret") }) { server in
            try await script("page_test.py", ["http://127.0.0.1:\(server.port)/", "secret"])
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text == "key\n")
    }

    @Test("every file that the page names is there, needs no key, and comes with a strict policy")
    func files() async throws {
        try await RunningServer.with(PageModel(), { $0.keys.add("secret") }) { server in
            let page = try await server.request("GET", "/")
            #expect(page.status == 200)
            let names = Set(page.text.matches(of: /\/page\/[a-z.]+/).map { String($0.0) })
            #expect(names.count >= 4)
            var imported: Set<String> = []
            for name in names.union(["/"]) {
                let file = try await server.request("GET", name)
                #expect(file.status == 200, "\(name)")
                let head = file.head.lowercased()
                #expect(head.contains("content-security-policy: default-src 'none'; script-src 'self'"))
                #expect(head.contains("x-content-type-options: nosniff"))
                #expect(head.contains("referrer-policy: no-referrer"))
                imported.formUnion(file.text.matches(of: /from "\.\/([a-z]+\.js)"/).map { String($0.1) })
                #expect(!file.text.contains("innerHTML"), "\(name)")
            }
            for name in imported {
                let file = try await server.request("GET", "/page/\(name)")
                #expect(file.status == 200, "\(name)")
                #expect(!file.text.contains("innerHTML") && !file.text.contains("eval("), "\(name)")
            }
            #expect(try await server.request("GET", "/page/other.js").status == 404)
            #expect(try await server.request("GET", "/page/..%2Fmain.js").status == 404)
        }
    }

    @Test("a file that the browser has already is not sent again")
    func tags() async throws {
        try await RunningServer.with(PageModel()) { server in
            let first = try await server.request("GET", "/page/main.js")
            let tag = try #require(first.head.firstMatch(of: /etag: ("[0-9a-f]+")/)?.1)
            try await RawClient.with(server.port) { client in
                try await client.send("GET", "/page/main.js", headers: ["if-none-match: \(tag)"])
                let second = try await client.read(until: "\r\n\r\n")
                #expect(second.hasPrefix("HTTP/1.1 304 ") && !second.lowercased().contains("transfer-encoding"))
                try await client.send("GET", "/page/main.js", headers: ["if-none-match: \"0\""])
                #expect(try await client.readAnswer().body == first.body)
            }
        }
    }

    private func script(_ name: String, _ arguments: [String]) async throws -> CommandRun {
        // Nothing but the standard library is needed.
        try await CommandRun.run(
            "/usr/bin/env", ["python3", "\(Repository.root)/Tests/ServerTests/\(name)"] + arguments)
    }
}
